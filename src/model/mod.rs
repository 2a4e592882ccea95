//! The plain data that passes between the stages: what a cell, a table, an activity, a duty
//! item, a match, a score card and a report *are*.
//!
//! In: nothing. Out: types with small accessors. Never here: reading, deciding, printing,
//! or the name of any other module or crate.

mod activity;
mod alike;
mod book;
mod date;
mod duty;
mod finding;
mod grid;
mod kind;
mod matching;
mod outcome;
mod place;
mod points;
mod report;
mod requirement;
mod result;
pub mod rules;
mod score;
mod submission;
mod table;
pub mod table_rule;
mod unit;

pub use activity::{Activity, HostRole, StatedKind};
pub use alike::{AlikeGroup, AlikePair, Alikes, RecordAt, Relation};
pub use book::{Align, Book, Cell, CellStyle, ColorScale, Column, Sheet, SheetLink, Value};
pub use date::{Date, DateSpan, Precision};
pub use duty::{Category, DutyItem, DutyList, ItemId, ListId};
pub use finding::{Finding, Severity, within_quotes};
pub use grid::{Grid, GridCell, GridRow, GridValue, Hidden, Merge, Visibility};
pub use kind::{KindId, Kinds};
pub use matching::{Decision, Evidence, EvidenceSource, Match, Ruling};
pub use outcome::Outcome;
pub use place::{Place, column_letters, column_number};
pub use points::Points;
pub use report::{Block, Orientation, Report, ReportColumn, ReportRow, ReportTable, Span};
pub use requirement::{Class, Counts, Exemption, Period, Requirement, RequirementId};
pub use result::{Counted, Scope, UnitResult};
pub use rules::Rule;
pub use score::{Due, ItemScore, RequirementScore, ScoreCard, Standing, State, Verdict};
pub use submission::{Excluded, FileError, Reason, RowCounts, Submission, UnitGuess, UnitSource};
pub use table::{Field, Heading, Table, TableRow, TableSource};
pub use table_rule::{ColumnRule, Pattern, RuleUse, SheetChoice, TableRule, Wanted};
pub use unit::Unit;
