//! Every document of a run: which are due, for whom, and where they go.
//!
//! In: an assessment and its settings. Out: files in the staging folder, and findings about their length.
//! Never here: wording, the format of Word.

use super::assess::Assessed;
use super::cases::{Case, Part};
use super::counties::home;
use super::outputs::Staging;
use super::run::rules_of;
use super::watch::Watch;
use crate::error::{Error, Result};
use crate::model::{Block, CountyScore, Finding, Report, Span, UnitName, UnitResult, rules};
use crate::render::Stationery;
use crate::report::workbook::BUSINESS;
use crate::report::{
    Demands, Lengths, Marked, PAPERS, Paper, Subject, Templates, Whole, Whom, of_bureau, of_unit,
};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// About whom a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// A unit, as an index into the results.
    Unit(usize),
    /// A leader, as an index.
    Leader(usize),
    /// The whole office.
    Bureau,
}

/// A document to be written.
#[derive(Debug, Clone, Copy)]
pub struct Due {
    /// Which.
    pub paper: &'static Paper,
    /// About whom.
    pub about: About,
}

/// Every document that the settings ask for, and what is wrong with them.
#[must_use]
pub fn due(assessed: &Assessed) -> (Vec<Due>, Vec<Finding>) {
    let settings = &assessed.papers;
    let mut due = Vec::new();
    let mut findings = Vec::new();
    for paper in &PAPERS {
        let named: Vec<(About, String)> =
            subjects(assessed, paper).into_iter().map(|about| (about, name_of(assessed, about))).collect();
        for unit in settings.units.get(paper.name).into_iter().flatten() {
            if assessed.only.is_none() && !named.iter().any(|(_, name)| name == unit) {
                let message = format!("[文书.单位] 里“{}”写的“{unit}”没有这样的单位", paper.name);
                findings.push(Finding::general(&rules::NO_SUBJECT, message));
            }
        }
        let asked = named.into_iter().filter(|(_, name)| settings.asks(paper, name));
        due.extend(asked.map(|(about, _)| Due { paper, about }));
    }
    (due, findings)
}

/// About whom a kind of document can be written.
#[must_use]
pub fn subjects(assessed: &Assessed, paper: &Paper) -> Vec<About> {
    if assessed.only.is_some() && paper.whom == Whom::Bureau {
        return Vec::new();
    }
    let units = |test: &dyn Fn(&UnitResult) -> bool| -> Vec<About> {
        let fitting = assessed.results.iter().enumerate().filter(|(_, result)| test(result));
        fitting.map(|(at, _)| About::Unit(at)).collect()
    };
    let reports = |result: &UnitResult| {
        let role = rules_of(assessed, result).map_or("", |rules| rules.list.role.as_str());
        Paper::of_role(role) == Some(paper)
    };
    match paper.whom {
        Whom::Role(_) => units(&reports),
        Whom::Leader => {
            let mut all = units(&reports);
            let leaders = if assessed.only.is_none() { assessed.leadership.cases.len() } else { 0 };
            all.extend((0..leaders).map(About::Leader));
            all
        }
        Whom::Compared => units(&|result| assessed.compared.contains(&result.unit.group)),
        Whom::Every => units(&|_| true),
        Whom::Bureau => vec![About::Bureau],
    }
}

/// The name under which a document's subject is known; the bureau's has none.
#[must_use]
pub fn name_of(assessed: &Assessed, about: About) -> String {
    match about {
        About::Unit(at) => assessed.results.get(at).map(|result| result.unit.name.to_string()),
        About::Leader(at) => assessed.leadership.cases.get(at).map(|case| case.leader.name.to_string()),
        About::Bureau => None,
    }
    .unwrap_or_default()
}

/// Where documents are written: an assessment, the wording, and what several documents need.
#[derive(Debug)]
pub struct Desk<'a> {
    templates: &'a Templates,
    assessed: &'a Assessed,
    /// How many units each group has.
    peers: BTreeMap<&'a str, usize>,
    /// What branches add to their county, by the bureau's name.
    counties: BTreeMap<UnitName, CountyScore>,
    demands: OnceLock<Demands>,
}

impl<'a> Desk<'a> {
    /// A desk for the documents of an assessment.
    #[must_use]
    pub fn new(templates: &'a Templates, assessed: &'a Assessed) -> Self {
        let mut peers = BTreeMap::new();
        for standing in &assessed.standings {
            *peers.entry(standing.group.as_str()).or_default() += 1;
        }
        let counties = assessed.counties().into_iter().filter(|county| !county.branches.is_empty());
        let counties = counties.map(|county| (county.county.clone(), county)).collect();
        Self { templates, assessed, peers, counties, demands: OnceLock::new() }
    }

    /// Text and length of one document; none where its subject is not there.
    ///
    /// # Errors
    /// [`Error::Template`] where its template cannot be used.
    pub fn compose(&self, due: Due) -> Result<Option<(Report, Lengths)>> {
        let composed = match due.about {
            About::Bureau => Some(self.of_bureau(due.paper)?),
            About::Unit(at) => self.of_unit(due.paper, at)?,
            About::Leader(at) => self.of_leader(due.paper, at)?,
        };
        let remarks = self.assessed.papers.remarks;
        Ok(composed.map(|(report, lengths)| (Report { remarks, ..report }, lengths)))
    }

    fn most(&self, paper: &Paper) -> Option<usize> {
        paper.limited.then_some(self.assessed.papers.most)
    }

    /// What the units meet and lack, collected for the first document that is about all of them.
    fn demands(&self) -> Result<&Demands> {
        if let Some(demands) = self.demands.get() {
            return Ok(demands);
        }
        let mut demands = Demands::default();
        let look = |_: usize, case: &Case<'_>| {
            let mut own = Demands::default();
            own.add(&case.result);
            own
        };
        self.assessed.cases().each(Part::Judged, look, |_, own| demands.append(own))?;
        Ok(self.demands.get_or_init(|| demands))
    }

    fn of_bureau(&self, paper: &Paper) -> Result<(Report, Lengths)> {
        let assessed = self.assessed;
        let whole = Whole {
            scope: &assessed.scope,
            scheme: &assessed.scheme,
            results: &assessed.results,
            demands: self.demands()?,
            standings: &assessed.standings,
            open: assessed.questions.total(),
        };
        of_bureau(self.templates, paper, &whole)
    }

    fn of_unit(&self, paper: &Paper, at: usize) -> Result<Option<(Report, Lengths)>> {
        let assessed = self.assessed;
        let Some(Case { result, score }) = assessed.cases().get(at)? else { return Ok(None) };
        let result = &*result;
        let Some(rules) = rules_of(assessed, result) else { return Ok(None) };
        let external = &assessed.external;
        let business = external.values.get(&(result.unit.name.clone(), BUSINESS.to_owned()));
        let marked = assessed.standings.get(at).map(|standing| Marked {
            standing,
            score: &score,
            scheme: &assessed.scheme,
            peers: self.peers.get(standing.group.as_str()).copied().unwrap_or_default(),
            business: business.map(|given| given.value),
            last_year: external.last_year.get(&result.unit.name).copied(),
            county: self.counties.get(&result.unit.name),
        });
        let tasks = assessed.tasks.get(at).map_or(&[][..], Vec::as_slice);
        let subject = Subject::new(result, &rules.list, &rules.requirements, &assessed.scope);
        of_unit(self.templates, paper, &Subject { marked, tasks, ..subject }, self.most(paper)).map(Some)
    }

    fn of_leader(&self, paper: &Paper, at: usize) -> Result<Option<(Report, Lengths)>> {
        let assessed = self.assessed;
        let Some(case) = assessed.leadership.cases.get(at) else { return Ok(None) };
        let Some(book) = &assessed.leadership.rules else { return Ok(None) };
        let rules = &book.list_rules;
        let contacts = case.contacts.iter().filter_map(|at| assessed.cases().get(*at).transpose());
        let contacts: Vec<Case<'_>> = contacts.collect::<Result<_>>()?;
        let contacts: Vec<&UnitResult> = contacts.iter().map(|case| &*case.result).collect();
        let subject = Subject::new(&case.result, &rules.list, &rules.requirements, &assessed.scope);
        let leader = Some((&case.leader, contacts.as_slice()));
        of_unit(self.templates, paper, &Subject { leader, ..subject }, self.most(paper)).map(Some)
    }

    /// The report of a unit's secretary; an empty one where the unit is not there.
    pub(super) fn report_of(&self, at: usize) -> Result<Report> {
        let rules = self.assessed.results.get(at).and_then(|result| rules_of(self.assessed, result));
        let Some(paper) = rules.and_then(|rules| Paper::of_role(&rules.list.role)) else {
            return Ok(Report::default());
        };
        let composed = self.compose(Due { paper, about: About::Unit(at) })?;
        Ok(composed.map(|(report, _)| report).unwrap_or_default())
    }
}

/// Writes every document; `names` are the file names of the units. How many, and what was noticed.
pub(super) fn write(
    desk: &Desk<'_>,
    names: &[String],
    staging: &Staging,
    watch: &dyn Watch,
) -> Result<(usize, Vec<Finding>)> {
    let assessed = desk.assessed;
    let (due, mut findings) = due(assessed);
    findings.extend(other_roles(assessed));
    let paper = Stationery::new(&assessed.papers.fonts, None)?;
    watch.stage("写文书", due.len());
    let told: Vec<(usize, Vec<Finding>)> = due
        .par_iter()
        .map(|due| {
            watch.go_on()?;
            let mut findings = Vec::new();
            let mut blanks = 0;
            if let Some((report, lengths)) = desk.compose(*due)? {
                let file = file(assessed, names, *due);
                if due.paper.limited {
                    findings.extend(too_long(assessed, &file, lengths));
                }
                blanks = blanks_of(&report);
                staging.write(&file, &paper.docx(&report)?)?;
            }
            watch.step();
            Ok::<_, Error>((blanks, findings))
        })
        .collect::<Result<_>>()?;
    let blanks: usize = told.iter().map(|(blanks, _)| blanks).sum();
    findings.extend(told.into_iter().flat_map(|(_, findings)| findings));
    if blanks > 0 {
        let message = format!("{}份文书中共有{blanks}处只能由人填写的内容，已标出“待补”", due.len());
        findings.push(Finding::general(&rules::REPORT_BLANK, message));
    }
    Ok((due.len(), findings))
}

/// Units whose name says another role than their list.
fn other_roles(assessed: &Assessed) -> Vec<Finding> {
    let told = |result: &UnitResult| {
        let role = rules_of(assessed, result)?.list.role.as_str();
        let name = &*result.unit.name;
        let named = ["支部", "机关党委", "党组"].into_iter().find(|word| name.contains(word))?;
        let known = ["支部", "机关党委", "党组"].iter().any(|word| role.contains(word));
        (known && !role.contains(named)).then(|| {
            let message = format!("“{name}”用的是{role}的责任清单，名称却是{named}");
            Finding::general(&rules::OTHER_ROLE, message)
        })
    };
    assessed.results.iter().filter_map(told).collect()
}

fn blanks_of(report: &Report) -> usize {
    let spans = report.blocks.iter().filter_map(|block| match block {
        Block::Paragraph(spans) => Some(spans),
        _ => None,
    });
    spans.flatten().filter(|span| matches!(span, Span::Blank(_))).count()
}

/// Where a document goes below 成果.
fn file(assessed: &Assessed, names: &[String], due: Due) -> String {
    let folder = due.paper.folder;
    match due.about {
        About::Bureau => format!("{folder}.docx"),
        About::Unit(at) => {
            let home = assessed.results.get(at).map(|result| home(&result.unit)).unwrap_or_default();
            format!("{home}{folder}/{}.docx", names.get(at).map_or("", String::as_str))
        }
        About::Leader(_) => {
            let name = crate::render::file_name(&name_of(assessed, due.about));
            format!("{folder}/{name}（一岗双责）.docx")
        }
    }
}

fn too_long(assessed: &Assessed, file: &str, lengths: Lengths) -> Vec<Finding> {
    let settings = &assessed.papers;
    let mut findings = Vec::new();
    let mut tell =
        |message: String| findings.push(Finding::general(&rules::LENGTH, format!("{file}：{message}")));
    if lengths.total > settings.most {
        tell(format!("正文{}字，规定不超过{}字", lengths.total, settings.most));
    }
    let (results, problems) = (lengths.per_cent(lengths.results), lengths.per_cent(lengths.problems));
    if let Some(most) = settings.results.filter(|most| results > *most) {
        tell(format!("履行职责情况占{results}%，规定不超过{most}%"));
    }
    if let Some(least) = settings.problems.filter(|least| problems < *least) {
        tell(format!("存在问题和原因分析占{problems}%，规定不少于{least}%"));
    }
    findings
}
