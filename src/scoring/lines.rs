//! The points of one unit on one line.

use super::field::Field;
use super::reasons::reason;
use crate::formula::rules::{self, Applies, End, Role};
use crate::formula::{Exact, Fault, Value, evaluate};
use crate::model::{
    Absent, Bounds, CheckScore, Event, EventRule, Expr, External, FactState, Figure, Given, Line, LineScore,
    Measured, Meeting, Missing, Mode, Points, Rounding, Scheme, SchemeBlock, ScoreCard, Tally, Unit, Votes,
};
use std::collections::{BTreeMap, BTreeSet};

/// A line with its rule written out for both ends.
pub(super) struct Ruled<'a> {
    pub(super) block: &'a SchemeBlock,
    pub(super) line: &'a Line,
    role: Role,
    rounding: Rounding,
    low: Expr<Figure>,
    high: Expr<Figure>,
}

/// The lines of a scheme, block by block, with their rules.
pub(super) fn ruled(scheme: &Scheme) -> Vec<Vec<Ruled<'_>>> {
    scheme.blocks.iter().map(|block| of_block(block, scheme.rounding)).collect()
}

fn of_block(block: &SchemeBlock, rounding: Rounding) -> Vec<Ruled<'_>> {
    let role = Role::of(block.kind);
    let with_rules = |line| {
        let rule = |end| rules::line(line, role, rounding, end);
        Ruled { block, line, role, rounding, low: rule(End::Low), high: rule(End::High) }
    };
    block.lines.iter().map(with_rules).collect()
}

/// What a line's rule is evaluated over.
#[derive(Debug, Clone, Default)]
pub(super) struct Facts {
    pub(super) tallies: Vec<Tally>,
    pub(super) recorded: u32,
    pub(super) reachable: u32,
    pub(super) meetings: Vec<Meeting>,
    /// Rows of events: their points and how sure they are.
    pub(super) events: Vec<(Points, FactState)>,
    pub(super) value: Option<Points>,
    /// Highest value and place, low end first.
    best: [Option<Points>; 2],
    place: [u32; 2],
    votes: Vec<Vec<u32>>,
    raters: Vec<Points>,
}

impl Ruled<'_> {
    /// Whether the line is for this unit at all.
    pub(super) fn is_for(&self, unit: &Unit) -> bool {
        self.line.list.as_ref().is_none_or(|list| *list == unit.list)
    }

    /// The points of a unit on the line.
    pub(super) fn score(
        &self,
        unit: &Unit,
        checks: &BTreeMap<&str, &CheckScore>,
        external: &External,
        field: &Field<'_>,
    ) -> LineScore {
        let facts = self.facts(unit, checks, external, field);
        self.scored(unit, checks, external, &facts)
    }

    /// The points of a unit on the line over given facts.
    pub(super) fn scored(
        &self,
        unit: &Unit,
        checks: &BTreeMap<&str, &CheckScore>,
        external: &External,
        facts: &Facts,
    ) -> LineScore {
        let key = (unit.name.clone(), self.line.id.clone());
        let given = |from: &BTreeMap<_, Given>| from.get(&key).map(|given| given.value);
        let judged = given(&external.judged).map(|points| points.max(Points::ZERO).min(self.line.points));
        let applies = match rules::applies(&self.line.mode) {
            Applies::Required => facts.tallies.iter().any(|tally| tally.required > 0),
            Applies::Value => facts.value.is_some(),
            Applies::Owed => {
                let ids = self.line.checks.iter().flatten();
                let mut known = ids.filter_map(|id| checks.get(id.as_str())).peekable();
                known.peek().is_none() || known.any(|check| check.applies())
            }
        };
        let given_away = !applies && self.block.absent == Absent::Full && self.role == Role::Earned;
        let base = if applies || given_away { self.line.points } else { Points::ZERO };
        let computed = if applies { self.bounds(facts) } else { Ok(Bounds::settled(base)) };
        let fault = computed.is_err();
        let rule = computed.unwrap_or(match self.role {
            Role::Earned => Bounds { low: Points::ZERO, high: base },
            Role::TakenOff => Bounds { low: base, high: Points::ZERO },
        });
        let counted = judged.filter(|_| applies).map_or(rule, Bounds::settled);
        let missing = applies && judged.is_none() && (fault || self.wants(facts));
        LineScore {
            line: self.line.id.clone(),
            base,
            tallies: facts.tallies.clone(),
            rule,
            own: given(&external.own),
            judged,
            counted,
            reason: if fault {
                "数值超出可以计算的范围，按待定处理".to_owned()
            } else {
                reason(self.line, self.role, facts, applies, given_away, &rule, judged)
            },
            missing,
        }
    }

    /// Whether something that a person has to supply is not there.
    fn wants(&self, facts: &Facts) -> bool {
        let column = |of: &Measured| matches!(of, Measured::Column(_)) && facts.value.is_none();
        match &self.line.mode {
            Mode::Judged => true,
            Mode::External { missing, .. } => *missing == Missing::Open && facts.value.is_none(),
            Mode::RankPoints { .. } | Mode::RatioToBest { .. } => facts.value.is_none(),
            Mode::Rate { of, .. } => column(of),
            Mode::ValueTiers { of, .. } => {
                column(of) || (*of == Measured::Attendance && facts.sums(true).1 == 0)
            }
            Mode::Votes { classes, fewest, .. } => (0..classes.len()).any(|at| {
                facts.votes.get(at).map_or(0, |counts| counts.iter().sum::<u32>()) < (*fewest).max(1)
            }),
            Mode::Raters { fewest, .. } => {
                facts.raters.len() < usize::try_from((*fewest).max(1)).unwrap_or(1)
            }
            _ => false,
        }
    }

    pub(super) fn facts(
        &self,
        unit: &Unit,
        checks: &BTreeMap<&str, &CheckScore>,
        external: &External,
        field: &Field<'_>,
    ) -> Facts {
        let line = self.line;
        let group = |ids: &Vec<crate::model::RequirementId>| {
            ids.iter().filter_map(|id| checks.get(id.as_str())).fold(Tally::default(), |sum, check| Tally {
                required: sum.required.saturating_add(check.tally.required),
                met: sum.met.saturating_add(check.tally.met),
                open: sum.open.saturating_add(check.tally.open),
            })
        };
        let used: Vec<&CheckScore> =
            line.checks.iter().flatten().filter_map(|id| checks.get(id.as_str()).copied()).collect();
        let mut seen = BTreeSet::new();
        let meetings = used.iter().filter(|check| seen.insert(&check.evidence)).flat_map(|c| &c.meetings);
        let column = line.mode.column();
        let value = column.and_then(|column| field.value(&unit.name, column));
        let (best, place) = column.map_or(([None; 2], [0; 2]), |column| {
            let full = if let Mode::RatioToBest { full, .. } = &line.mode { *full } else { None };
            (field.best(&unit.group, column, full), field.place(&unit.group, column, value))
        });
        let key = (unit.name.clone(), line.id.clone());
        Facts {
            tallies: line.checks.iter().map(group).collect(),
            recorded: used.iter().map(|check| check.recorded).fold(0, u32::saturating_add),
            reachable: used.iter().map(|check| check.reachable).fold(0, u32::saturating_add),
            meetings: meetings.copied().collect(),
            events: self.events(unit, external),
            value,
            best,
            place,
            votes: by_class(&line.mode, external.votes.get(&key).map_or(&[], Vec::as_slice)),
            raters: external.raters.get(&key).into_iter().flatten().map(|given| given.value).collect(),
        }
    }

    fn events(&self, unit: &Unit, external: &External) -> Vec<(Points, FactState)> {
        let own = |event: &&Event| event.unit == unit.name && event.line == self.line.id && !event.outweighed;
        let rows = external.events.iter().filter(own);
        rows.map(|event| (event_points(self.line, self.rounding, event), event.state)).collect()
    }

    /// Both ends of the rule.
    fn bounds(&self, facts: &Facts) -> Result<Bounds, Fault> {
        Ok(Bounds { low: self.end(facts, End::Low)?, high: self.end(facts, End::High)? })
    }

    /// One end of the rule.
    pub(super) fn end(&self, facts: &Facts, end: End) -> Result<Points, Fault> {
        let rule = if end == End::Low { &self.low } else { &self.high };
        points(rule, &|figure: &Figure| self.figure(facts, end, *figure))
    }

    fn figure(&self, facts: &Facts, end: End, figure: Figure) -> Result<Value, Fault> {
        let at = usize::from(end == End::High);
        let number = |count: u32| Ok(Value::whole(i64::from(count)));
        let optional = |points: Option<Points>| Ok(points.map_or(Value::Blank, Value::points));
        match figure {
            Figure::Base => Ok(Value::points(self.line.points)),
            Figure::Required(group) => number(facts.tallies.get(group).map_or(0, |tally| tally.required)),
            Figure::Met(group) => {
                number(facts.tallies.get(group).map_or(0, |tally| {
                    tally.met.saturating_add(if end == End::High { tally.open } else { 0 })
                }))
            }
            Figure::Count => number(if end == End::High { facts.reachable } else { facts.recorded }),
            Figure::Present => Ok(Value::whole(facts.sums(true).0)),
            Figure::Expected => Ok(Value::whole(facts.sums(true).1)),
            Figure::Under => {
                let Mode::LowMeetings { least, .. } = &self.line.mode else { return Err(Fault::Unknown) };
                let counts = |meeting: &&Meeting| meeting.sure || end == End::Low;
                let mut under = 0;
                for meeting in facts.meetings.iter().filter(counts) {
                    under += u32::from(is_low(*meeting, *least)?);
                }
                number(under)
            }
            Figure::Deepest | Figure::Shallowest => {
                let mut absences = Vec::new();
                for meeting in facts.meetings.iter().filter(|meeting| !meeting.sure) {
                    absences.push(absence(*meeting)?);
                }
                // Beyond any shortfall there can be, as the sheet's formula gives it where no row is in review.
                let (edge, found) = if figure == Figure::Deepest {
                    (-1000, absences.into_iter().max())
                } else {
                    (1000, absences.into_iter().min())
                };
                Ok(Value::Number(found.unwrap_or_else(|| Exact::whole(edge))))
            }
            Figure::Events => {
                // What is still open is counted where it lowers the score, and where it raises the other end.
                let open = matches!(&self.line.mode, Mode::EventPoints { .. }) == (end == End::High);
                let counts =
                    |state: FactState| state == FactState::True || (open && state == FactState::Open);
                Ok(Value::points(
                    facts.events.iter().filter(|(_, state)| counts(*state)).map(|(p, _)| *p).sum(),
                ))
            }
            Figure::Value if matches!(self.line.mode, Mode::Raters { .. }) => {
                Ok(Value::points(facts.raters.iter().copied().sum()))
            }
            Figure::Value => optional(facts.value),
            Figure::Best => optional(facts.best.get(at).copied().flatten()),
            Figure::Place => number(facts.place.get(at).copied().unwrap_or_default()),
            Figure::Raters => number(u32::try_from(facts.raters.len()).unwrap_or(u32::MAX)),
            Figure::Highest => optional(facts.raters.iter().max().copied()),
            Figure::Lowest => optional(facts.raters.iter().min().copied()),
            Figure::Class(class) => self.class(facts, class, end),
            _ => Err(Fault::Unknown),
        }
    }

    fn class(&self, facts: &Facts, at: usize, end: End) -> Result<Value, Fault> {
        let Mode::Votes { grades, fewest, .. } = &self.line.mode else { return Err(Fault::Unknown) };
        let rule = rules::class(at, grades, *fewest, self.rounding, end);
        evaluate(&rule, &|figure: &Figure| match figure {
            Figure::Votes(class, grade) => {
                let votes = facts.votes.get(*class).and_then(|counts| counts.get(*grade));
                Ok(Value::whole(i64::from(votes.copied().unwrap_or_default())))
            }
            _ => Err(Fault::Unknown),
        })
    }
}

impl Facts {
    /// 实到 and 应到 over the sure meetings, or over those in review.
    pub(super) fn sums(&self, sure: bool) -> (i64, i64) {
        let own = self.meetings.iter().filter(|meeting| meeting.sure == sure);
        own.fold((0, 0), |sum, meeting| {
            (sum.0 + i64::from(meeting.attended), sum.1 + i64::from(meeting.expected))
        })
    }
}

/// The points that a rule comes to.
pub(super) fn points(
    rule: &Expr<Figure>,
    figures: &impl Fn(&Figure) -> Result<Value, Fault>,
) -> Result<Points, Fault> {
    match evaluate(rule, figures)? {
        Value::Blank => Ok(Points::ZERO),
        Value::Number(number) => number.to_points().ok_or(Fault::Range),
        _ => Err(Fault::Sort),
    }
}

/// Votes in the order of the scheme's classes; a class given twice counts once, as it came first.
fn by_class(mode: &Mode, votes: &[Votes]) -> Vec<Vec<u32>> {
    let Mode::Votes { classes, .. } = mode else { return Vec::new() };
    let of = |class: &str| votes.iter().find(|votes| votes.class == class).map(|votes| votes.counts.clone());
    classes.iter().map(|(class, _)| of(class).unwrap_or_default()).collect()
}

fn meeting_figures(meeting: Meeting) -> impl Fn(&Figure) -> Result<Value, Fault> {
    move |figure| match figure {
        Figure::Present => Ok(Value::whole(i64::from(meeting.attended))),
        Figure::Expected => Ok(Value::whole(i64::from(meeting.expected))),
        _ => Err(Fault::Unknown),
    }
}

pub(super) fn is_low(meeting: Meeting, least: Points) -> Result<bool, Fault> {
    match evaluate(&rules::is_low(least), &meeting_figures(meeting))? {
        Value::Bool(low) => Ok(low),
        _ => Err(Fault::Sort),
    }
}

fn absence(meeting: Meeting) -> Result<Exact, Fault> {
    evaluate(&rules::absence_of_row(), &meeting_figures(meeting))?.number()
}

/// What a row of events counts on a line, before the line's cap.
pub(super) fn event_points(line: &Line, rounding: Rounding, event: &Event) -> Points {
    let (rules, shared): (&[EventRule], bool) = match &line.mode {
        Mode::DeductEvents { rules, .. } => (rules, false),
        Mode::EventPoints { rules, shared, .. } => (rules, *shared),
        _ => (&[], false),
    };
    let rule = rules.iter().find(|rule| rule.matter == event.matter);
    let number = |holds: bool, count: u32| Ok(Value::whole(i64::from(if holds { count.max(1) } else { 1 })));
    let found = points(&rules::event_row(rounding), &|figure: &Figure| match figure {
        Figure::Each => Ok(Value::points(event.each)),
        Figure::Times => number(true, event.times),
        Figure::Persons => number(rule.is_some_and(|rule| rule.per_person), event.persons),
        Figure::Authors => number(shared, event.authors),
        Figure::Doubled => number(event.doubled && rule.is_some_and(|rule| rule.doubles), 2),
        _ => Err(Fault::Unknown),
    });
    found.unwrap_or_default()
}

/// Marks the events that another one of the same case, unit and line outweighs; among equals the first counts.
pub fn outweigh(scheme: &Scheme, external: &mut External) {
    let mut heaviest: BTreeMap<(&str, &str, &str), (Points, usize)> = BTreeMap::new();
    let mut outweighed = vec![false; external.events.len()];
    for (at, event) in external.events.iter().enumerate() {
        let line =
            scheme.line(&event.line).filter(|_| !event.case.is_empty() && event.state != FactState::False);
        let Some(line) =
            line.filter(|line| matches!(line.mode, Mode::DeductEvents { once_a_case: true, .. }))
        else {
            continue;
        };
        let weight = event_points(line, scheme.rounding, event);
        let key = (&*event.unit, event.line.as_str(), event.case.as_str());
        let loser = match heaviest.get(&key).copied() {
            Some((before, _)) if before >= weight => at,
            Some((_, before)) => {
                heaviest.insert(key, (weight, at));
                before
            }
            None => {
                heaviest.insert(key, (weight, at));
                continue;
            }
        };
        if let Some(mark) = outweighed.get_mut(loser) {
            *mark = true;
        }
    }
    for (event, mark) in external.events.iter_mut().zip(outweighed) {
        event.outweighed = mark;
    }
}

/// The checks of a card by name.
pub(super) fn by_name(card: &ScoreCard) -> BTreeMap<&str, &CheckScore> {
    card.checks.iter().map(|check| (check.id.as_str(), check)).collect()
}
