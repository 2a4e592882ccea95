//! The plain data that passes between the stages: what a cell, a table, an activity, a duty
//! item, a match, a score card and a report *are*.
//!
//! In: nothing. Out: types with small accessors. Never here: reading, deciding, printing,
//! or the name of any other module or crate.

mod activity;
mod alike;
mod book;
mod county;
mod date;
mod duty;
mod external;
mod finding;
pub mod form;
mod formula;
mod grid;
mod kind;
mod matching;
mod nearest;
mod office;
mod outcome;
mod place;
mod points;
mod report;
mod requirement;
mod result;
pub mod rules;
mod scheme;
mod score;
mod submission;
mod table;
pub mod table_rule;
mod unit;
mod unit_score;

pub use activity::{Activity, HostRole, StatedKind};
pub use alike::{AlikeGroup, AlikePair, Alikes, RecordAt, Relation};
pub use book::{
    Align, Allow, Book, Cached, Cell, CellMark, CellStyle, Chart, ChartKind, ColorScale, Column, EntryRule,
    Formula, Highlight, NumberLook, Series, Sheet, SheetCopy, SheetLink, Value, When,
};
pub use county::{AbsentBranch, CountyBranch, CountyRule, CountyScore, CountyWay};
pub use date::{Date, DateSpan, Precision};
pub use duty::{Category, DutyItem, DutyList, ItemId, ListId};
pub use external::{Event, External, FactState, Given, PersonHours, UnitName, VetoFact, Votes};
pub use finding::{Finding, Severity, within_quotes};
pub use form::{FormRecord, FormSections, FormValue};
pub use formula::{Expr, Figure, Function, Op, Spot};
pub use grid::{Grid, GridCell, GridRow, GridValue, Hidden, Merge, Visibility};
pub use kind::{KindId, Kinds};
pub use matching::{Decision, Evidence, EvidenceSource, Match, Ruling};
pub use nearest::nearest;
pub use office::{Leader, Rectification};
pub use outcome::Outcome;
pub use place::{Place, column_letters, column_number};
pub use points::Points;
pub use report::{Block, Orientation, Report, ReportColumn, ReportRow, ReportTable, Span};
pub use requirement::{
    By, Class, Counts, Each, Exemption, Origin, Period, PersonGoal, Requirement, RequirementId,
};
pub use result::{ActivityAnswer, ActivityVerdict, Counted, Fingerprint, Proof, Scope, UnitResult};
pub use rules::Rule;
pub use scheme::{
    Absent, Award, BallotLimit, BlockId, BlockKind, Condition, Cut, EventRule, Grade, Line, LineId, Measure,
    Measured, Missing, Mode, Quota, Rounding, Scheme, SchemeBlock, Veto, VetoEffect,
};
pub use score::{Due, ItemScore, RequirementScore, ScoreCard, Standing, State, Verdict};
pub use submission::{Excluded, FileError, Reason, RowCounts, Submission, UnitGuess, UnitSource};
pub use table::{Field, Heading, Table, TableRow, TableSource};
pub use table_rule::{ColumnRule, Pattern, RuleUse, SheetChoice, TableRule, Wanted};
pub use unit::Unit;
pub use unit_score::{
    AwardPlace, Awarded, BlockScore, Bounds, CheckScore, Graded, Leeway, LineScore, Meeting, Question, Stake,
    Subject, Tally, UnitScore,
};
