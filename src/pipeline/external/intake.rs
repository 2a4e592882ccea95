//! Where the figures of 评分 are put until all files are read: a figure that comes twice is taken from neither.
//!
//! In: figures with their cells. Out: [`External`] and findings. Never here: how a sheet is laid out.

use super::super::grids::{is_blank, number};
use super::super::units::{Resolution, Units};
use super::sheet::Row;
use crate::model::{
    External, Finding, Given, Line, LineId, Place, Points, Scheme, UnitName, Votes, rules as codes,
    within_quotes,
};
use crate::seeds::headers::WordSet;
use crate::seeds::text::fold;
use std::collections::{BTreeMap, BTreeSet};

/// Figures of one kind by what they are about.
pub(super) type Figures<K, V> = BTreeMap<K, Vec<(V, Place)>>;

/// What is being taken in.
pub(super) struct Intake<'a> {
    pub(super) scheme: &'a Scheme,
    pub(super) units: &'a Units,
    pub(super) totals: &'a WordSet,
    pub(super) external: External,
    pub(super) findings: Vec<Finding>,
    pub(super) values: Figures<(UnitName, String), Points>,
    pub(super) votes: Figures<(UnitName, LineId, String), Vec<u32>>,
    pub(super) raters: Figures<(UnitName, LineId, String), Points>,
    pub(super) own: Figures<(UnitName, LineId), Points>,
    pub(super) judged: Figures<(UnitName, LineId), Points>,
    pub(super) last_rank: Figures<UnitName, u32>,
    pub(super) last_points: Figures<UnitName, Points>,
    guessed: BTreeSet<(String, Place)>,
}

impl<'a> Intake<'a> {
    pub(super) fn new(scheme: &'a Scheme, units: &'a Units, totals: &'a WordSet) -> Self {
        Self {
            scheme,
            units,
            totals,
            external: External::default(),
            findings: Vec::new(),
            values: BTreeMap::new(),
            votes: BTreeMap::new(),
            raters: BTreeMap::new(),
            own: BTreeMap::new(),
            judged: BTreeMap::new(),
            last_rank: BTreeMap::new(),
            last_points: BTreeMap::new(),
            guessed: BTreeSet::new(),
        }
    }

    pub(super) fn tell(
        &mut self,
        rule: &'static crate::model::Rule,
        place: &Place,
        message: impl Into<String>,
    ) {
        self.findings.push(Finding::at(rule, place, message));
    }

    /// The unit of a row; `None` for a total, a note, or a unit that is not assessed (which is told).
    pub(super) fn unit(&mut self, row: &Row, col: u32) -> Option<UnitName> {
        let text = row.text(col);
        let folded = fold(text);
        if is_blank(text)
            || self.totals.is(&folded)
            || ["注", "说明", "备注"].iter().any(|w| folded.starts_with(w))
        {
            return None;
        }
        let place = row.place(col);
        let name = |at: usize| self.units.all().get(at).map(|unit| unit.name.clone());
        match self.units.resolve(text) {
            Resolution::Known(at) => name(at),
            Resolution::Guessed(at) => {
                let unit = name(at)?;
                if self
                    .guessed
                    .insert((text.to_owned(), Place::sheet(place.file.clone(), place.sheet.clone())))
                {
                    let message = format!("写的是“{}”，按“{unit}”计入", within_quotes(text));
                    self.tell(&codes::UNIT_GUESSED, &place, message);
                }
                Some(unit)
            }
            Resolution::Unknown => {
                let near = nearest(text, self.units.all().iter().map(|unit| &*unit.name));
                let message =
                    format!("单位“{}”不在本次考核的单位中，这一行没有采用{near}", within_quotes(text));
                self.tell(&codes::SCORE_UNIT_UNKNOWN, &place, message);
                None
            }
        }
    }

    /// A number of a cell; `None` where it is blank or (told) no number.
    pub(super) fn number(&mut self, row: &Row, col: u32) -> Option<Points> {
        let text = row.text(col);
        if is_blank(text) {
            return None;
        }
        let found = number(text);
        if found.is_none() {
            let message = format!("“{}”不是一个确定的数，没有采用", within_quotes(text));
            self.tell(&codes::SCORE_NOT_UNDERSTOOD, &row.place(col), message);
        }
        found
    }

    /// A count of a cell, `otherwise` where it is blank; `None` (told) where it is no whole number.
    pub(super) fn count(&mut self, row: &Row, col: Option<u32>, otherwise: u32) -> Option<u32> {
        let Some(col) = col.filter(|col| !is_blank(row.text(*col))) else { return Some(otherwise) };
        let text = row.text(col).trim_end_matches(['票', '张', '人', '次', '篇', '件', '名']);
        let found = text.trim().parse::<u32>().ok().filter(|count| *count <= 100_000);
        if found.is_none() {
            let message = format!("“{}”应为整数，没有采用", within_quotes(row.text(col)));
            self.tell(&codes::SCORE_NOT_UNDERSTOOD, &row.place(col), message);
        }
        found
    }

    /// A score within its bounds; `None` where it is blank or (told) cannot be.
    pub(super) fn score(&mut self, row: &Row, col: u32, full: Option<Points>, what: &str) -> Option<Points> {
        let value = self.number(row, col)?;
        let over = full.filter(|full| value > *full);
        if value < Points::ZERO || over.is_some() {
            let bounds = over.map_or_else(|| "不能为负".to_owned(), |full| format!("高于满分{full}"));
            let message = format!("{what}{value}{bounds}，没有采用");
            self.tell(&codes::SCORE_OUT_OF_RANGE, &row.place(col), message);
            return None;
        }
        Some(value)
    }

    /// The line that an id or a project's name means, among those that `fits` takes.
    pub(super) fn line(&self, text: &str, fits: impl Fn(&Line) -> bool) -> Option<&'a Line> {
        let wanted = fold(text);
        let lines = || self.scheme.lines().map(|(_, line)| line).filter(|line| fits(line));
        let by_id = lines().find(|line| fold(line.id.as_str()) == wanted);
        by_id.or_else(|| {
            let mut named = lines().filter(|line| fold(&line.project) == wanted);
            named.next().filter(|_| named.next().is_none())
        })
    }

    /// Everything that came once; what came twice is told and left out.
    pub(super) fn finish(mut self) -> (External, Vec<Finding>) {
        let mut external = std::mem::take(&mut self.external);
        let findings = &mut self.findings;
        let given = |(value, place): (Points, Place)| Given { value, place };
        for ((unit, column), found) in self.values {
            if let Some(one) = once(found, &unit, &format!("“{column}”"), findings) {
                external.values.insert((unit, column), given(one));
            }
        }
        for ((unit, line, class), found) in self.votes {
            if let Some((counts, place)) = once(found, &unit, &format!("项目“{line}”的“{class}”"), findings)
            {
                external.votes.entry((unit, line)).or_default().push(Votes { class, counts, place });
            }
        }
        for ((unit, line, rater), found) in self.raters {
            if let Some(one) = once(found, &unit, &format!("项目“{line}”“{rater}”的打分"), findings)
            {
                external.raters.entry((unit, line)).or_default().push(given(one));
            }
        }
        for ((unit, line), found) in self.own {
            if let Some(one) = once(found, &unit, &format!("“{line}”的自评分"), findings) {
                external.own.insert((unit, line), given(one));
            }
        }
        for ((unit, line), found) in self.judged {
            if let Some(one) = once(found, &unit, &format!("“{line}”的考核分"), findings) {
                external.judged.insert((unit, line), given(one));
            }
        }
        for (unit, found) in self.last_rank {
            if let Some((rank, _)) = once(found, &unit, "上年名次", findings) {
                external.last_year.entry(unit).or_default().0 = Some(rank);
            }
        }
        for (unit, found) in self.last_points {
            if let Some((points, _)) = once(found, &unit, "上年得分", findings) {
                external.last_year.entry(unit).or_default().1 = Some(points);
            }
        }
        (external, self.findings)
    }
}

/// The only figure; several are told with all their cells.
fn once<V>(
    mut found: Vec<(V, Place)>,
    unit: &str,
    what: &str,
    findings: &mut Vec<Finding>,
) -> Option<(V, Place)> {
    if found.len() > 1 {
        let places: Vec<String> = found.iter().map(|(_, place)| place.to_string()).collect();
        let first = found.first().map(|(_, place)| place.clone())?;
        let message = format!("“{unit}”{what}出现了{}次（{}），都没有采用", found.len(), places.join("、"));
        findings.push(Finding::at(&codes::SCORE_TWICE, &first, message));
        return None;
    }
    found.pop()
}

/// `。是不是“…”？` with the names that share most characters; empty where none shares two.
pub(super) fn nearest<'n>(written: &str, names: impl Iterator<Item = &'n str>) -> String {
    let common = |name: &str| {
        let chars: BTreeSet<char> = written.chars().filter(|c| !"党支部委员会".contains(*c)).collect();
        chars.iter().filter(|c| name.contains(**c)).count()
    };
    let best = names.map(|name| (common(name), name)).filter(|(count, _)| *count > 0);
    let best = best.max_by(|a, b| a.0.cmp(&b.0).then_with(|| b.1.cmp(a.1)));
    best.map_or_else(String::new, |(_, name)| format!("。是不是“{name}”？"))
}
