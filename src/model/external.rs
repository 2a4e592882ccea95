//! What the folder 评分 gives, matched to units.
//!
//! In: nothing. Out: plain data with the cell it was read from. Never here: reading, points of a scheme.

use super::{Date, LineId, Place, Points};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A unit's full name.
pub type UnitName = Arc<str>;

/// Everything that people have entered beside the ledgers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct External {
    /// Values by unit and column word of the scheme.
    pub values: BTreeMap<(UnitName, String), Given>,
    /// Votes by unit and line, one entry for each class that voted.
    pub votes: BTreeMap<(UnitName, LineId), Vec<Votes>>,
    /// Scores of raters, voided ballots already left out.
    pub raters: BTreeMap<(UnitName, LineId), Vec<Given>>,
    /// Events that add or take off points.
    pub events: Vec<Event>,
    /// Facts that bar a unit.
    pub vetoes: Vec<VetoFact>,
    /// 自评分 by line.
    pub own: BTreeMap<(UnitName, LineId), Given>,
    /// 考核分 by line.
    pub judged: BTreeMap<(UnitName, LineId), Given>,
    /// 上年名次 and 上年得分.
    pub last_year: BTreeMap<UnitName, (Option<u32>, Option<Points>)>,
    /// 学时 by person.
    pub hours: Vec<PersonHours>,
}

/// A figure with its cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The figure.
    pub value: Points,
    /// Where it stands.
    pub place: Place,
}

/// Votes of one class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Votes {
    /// The class, as the scheme names it.
    pub class: String,
    /// Votes by grade, in the order of the scheme.
    pub counts: Vec<u32>,
    /// Where they stand.
    pub place: Place,
}

/// How sure a fact is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FactState {
    /// 属实; also where nothing stands.
    True,
    /// 待核.
    Open,
    /// 不实.
    False,
}

/// One row of events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The unit.
    pub unit: UnitName,
    /// The line it counts for.
    pub line: LineId,
    /// 事项, as the scheme names it.
    pub matter: String,
    /// When it happened.
    pub date: Option<Date>,
    /// Points for one time and person, positive.
    pub each: Points,
    /// 次数, at least 1.
    pub times: u32,
    /// 人数, at least 1.
    pub persons: u32,
    /// 作者数, at least 1.
    pub authors: u32,
    /// Whether the row is marked 加倍.
    pub doubled: bool,
    /// 案号; empty where there is none.
    pub case: String,
    /// How sure it is.
    pub state: FactState,
    /// 依据.
    pub basis: String,
    /// Where it stands.
    pub place: Place,
    /// A row that another of the same case outweighs: counts nothing.
    pub outweighed: bool,
}

/// A fact that bars a unit or caps its grade.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VetoFact {
    /// The unit.
    pub unit: UnitName,
    /// 事项, as the scheme names it.
    pub matter: String,
    /// How sure it is.
    pub state: FactState,
    /// 依据.
    pub basis: String,
    /// Where it stands.
    pub place: Place,
}

/// The training hours of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonHours {
    /// The unit.
    pub unit: UnitName,
    /// The person.
    pub person: String,
    /// 身份 or 职务, as written.
    pub role: String,
    /// 学时 in hundredths.
    pub hundredths: u32,
    /// 集中培训次数.
    pub trainings: u32,
    /// Where it stands.
    pub place: Place,
}
