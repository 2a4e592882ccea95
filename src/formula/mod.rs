//! Exact figures and the formulas that give them: one arithmetic for the program and the workbooks.
//!
//! In: [`Expr`](crate::model::Expr)s over named figures or cells, and the figures. Out: exact values, and a
//! workbook whose formulas carry theirs. Never here: floats, addresses as text, what a figure means.
