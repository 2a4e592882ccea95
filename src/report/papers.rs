//! The documents of a year's end: what each is called, for whom it is, where it goes.
//!
//! In: nothing. Out: the table [`PAPERS`]. Never here: wording, files.

use crate::model::nearest;

/// For whom a document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whom {
    /// Each unit that answers to a list of a role in which one of these words stands; the last of
    /// such documents takes the units that no other takes.
    Role(&'static [&'static str]),
    /// Each unit of the groups that are compared (县区局).
    Compared,
    /// Each unit.
    Every,
    /// Each leader of the office.
    Leader,
    /// The office itself, once.
    Bureau,
}

/// A kind of document.
#[derive(Debug, PartialEq, Eq)]
pub struct Paper {
    /// Its name, and that of its template.
    pub name: &'static str,
    /// The folder of its files; the name of the file itself where there is only one.
    pub folder: &'static str,
    /// For whom.
    pub whom: Whom,
    /// Whether the limits of length are for it.
    pub limited: bool,
}

/// The folder of the four reports.
pub const REPORTS: &str = "述职报告";

macro_rules! paper {
    ($name:literal, $folder:expr, $whom:expr, $limited:literal) => {
        Paper { name: $name, folder: $folder, whom: $whom, limited: $limited }
    };
}

/// Every kind of document, in the order in which an office uses them.
pub static PAPERS: [Paper; 11] = [
    paper!("党组书记述职报告", REPORTS, Whom::Role(&["党组书记"]), true),
    paper!("机关党委书记述职报告", REPORTS, Whom::Role(&["机关党委书记"]), true),
    paper!("一岗双责述职报告", REPORTS, Whom::Leader, true),
    paper!("党支部书记述职报告", REPORTS, Whom::Role(&[]), true),
    paper!("县区局考核报告", "县区局考核报告", Whom::Compared, false),
    paper!("述职评议测评表", "述职评议测评表", Whom::Bureau, false),
    paper!("综合评价意见", "综合评价意见", Whom::Every, false),
    paper!("考核结果通报", "考核结果通报", Whom::Bureau, false),
    paper!("表彰决定", "表彰决定（代拟稿）", Whom::Bureau, false),
    paper!("问题整改清单", "问题整改清单", Whom::Every, false),
    paper!("佐证材料目录", "佐证材料目录", Whom::Every, false),
];

impl Paper {
    /// The document of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        PAPERS.iter().find(|paper| paper.name == name)
    }

    /// The documents that a name means: one, or with 述职报告 the four reports.
    ///
    /// # Errors
    /// A sentence that tells the nearest and all names.
    pub fn meant(name: &str) -> Result<Vec<&'static Self>, String> {
        if name == REPORTS {
            return Ok(PAPERS.iter().filter(|paper| paper.folder == REPORTS).collect());
        }
        if let Some(paper) = Self::named(name) {
            return Ok(vec![paper]);
        }
        let known = || std::iter::once(REPORTS).chain(PAPERS.iter().map(|paper| paper.name));
        let guess = nearest(name, known()).map_or_else(String::new, |near| format!("，是不是“{near}”？"));
        Err(format!("没有“{name}”这种文书{guess}可以写：{}", known().collect::<Vec<_>>().join("、")))
    }

    /// The report of a secretary with this role.
    #[must_use]
    pub fn of_role(role: &str) -> Option<&'static Self> {
        let own = PAPERS.iter().find(|paper| match paper.whom {
            Whom::Role(words) => words.iter().any(|word| role.contains(word)),
            Whom::Leader => role.contains("一岗双责") || role.contains("党组成员"),
            _ => false,
        });
        own.or_else(|| PAPERS.iter().find(|paper| paper.whom == Whom::Role(&[])))
    }

    /// The file of its template.
    #[must_use]
    pub fn template(&self) -> String {
        format!("{}.txt", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_has_its_report() {
        for (role, name) in [
            ("党组书记", "党组书记述职报告"),
            ("机关党委书记", "机关党委书记述职报告"),
            ("党支部书记", "党支部书记述职报告"),
            ("党组成员和局领导", "一岗双责述职报告"),
            ("安全生产责任人", "党支部书记述职报告"),
        ] {
            assert_eq!(Paper::of_role(role).unwrap().name, name);
        }
    }
}
