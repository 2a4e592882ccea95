//! What an office tells beside ledgers and scores: its leaders, and what was to be put right last year.
//!
//! In: nothing. Out: plain data. Never here: reading.

use super::Place;
use std::sync::Arc;

/// A member of the leadership (党组成员、局领导).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leader {
    /// 姓名.
    pub name: Arc<str>,
    /// 职务; empty where unknown.
    pub post: String,
    /// 联系支部, as written.
    pub contacts: Vec<String>,
}

/// A line of last year's list of problems to be put right (整改清单).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rectification {
    /// 问题.
    pub problem: String,
    /// 来源.
    pub source: String,
    /// 整改措施.
    pub measure: String,
    /// 责任人.
    pub owner: String,
    /// 时限.
    pub deadline: String,
    /// 完成情况.
    pub progress: String,
    /// Where it stands.
    pub place: Place,
}
