//! The open questions, in the order of what their answers can change.

use super::award::{Contest, awards_for, is_barred};
use super::lines::{Ruled, by_name};
use super::rank::key;
use super::total::Ledger;
use crate::model::{
    Award, BlockKind, CheckScore, Counted, Due, External, FactState, LineScore, Meeting, Points, Proof,
    Question, RequirementId, Scheme, ScoreCard, Stake, Standing, State, Subject, Unit, UnitScore,
};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// A unit with what is known about its activities, as parallel slices.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The unit.
    pub unit: &'a Unit,
    /// Its checks.
    pub card: &'a ScoreCard,
    /// What each activity proves.
    pub proofs: &'a [Vec<Proof>],
    /// Whether each activity takes part.
    pub counted: &'a [Counted],
}

/// What is still open about each unit under a scheme: first what alone moves it across a commendation line, then what
/// may do so together with others, what moves a rank, what moves points, and what moves nothing.
///
/// `scores` and `standings` are those of the same units and external values (see [`scores`](super::scores)
/// and [`rank`](super::rank), by group); the scores in the order of the units, their lines need not be there.
/// `show` shows what is known about the n-th unit, with its whole score, to who asks; `keep` takes its questions.
///
/// # Errors
/// Where a unit cannot be shown, or its questions cannot be kept.
pub fn questions<E: Send, T: Send>(
    scheme: &Scheme,
    units: &[&Unit],
    external: &External,
    scores: &[UnitScore],
    standings: &[Standing],
    show: impl Fn(usize, &mut dyn FnMut(&Asked<'_>, &UnitScore)) -> Result<(), E> + Sync,
    keep: impl Fn(usize, Vec<Question>) -> Result<T, E> + Sync,
) -> Result<Vec<T>, E> {
    let ledger = Ledger::new(scheme, units, external);
    let mut groups: BTreeMap<&str, Vec<&UnitScore>> = BTreeMap::new();
    let mut members: Vec<usize> = Vec::with_capacity(scores.len());
    for score in scores {
        let group = groups.entry(&score.group).or_default();
        members.push(group.len());
        group.push(score);
    }
    let awards: Vec<(&str, Vec<Award>)> =
        groups.keys().map(|group| (*group, awards_for(scheme, group))).collect();
    let contests: BTreeMap<&str, Vec<Contest<'_>>> = awards
        .iter()
        .filter_map(|(group, awards)| {
            let members = groups.get(group)?;
            Some((*group, awards.iter().map(|award| Contest::new(scheme, award, members)).collect()))
        })
        .collect();
    let places: BTreeMap<&str, &Standing> = standings.iter().map(|s| (&*s.unit, s)).collect();
    let of_unit = |(unit, (score, at)): (usize, (&'_ UnitScore, &usize))| {
        let contests = contests.get(score.group.as_str()).map_or(&[][..], Vec::as_slice);
        let standing = places.get(&*score.unit).copied();
        let mut questions = Vec::new();
        show(unit, &mut |asked, whole| {
            let open = Open::new(&ledger, asked, whole);
            let weigher = Weigher { scheme, now: whole, contests, at: *at, standing };
            let undecided = contests.iter().any(|contest| contest.is_open(*at));
            let weigh = |then: &UnitScore| (weigher.weigh(then, undecided), gain(whole, then));
            // Periods of one check mostly weigh the same: each answer is worked out once.
            let mut known: BTreeMap<Vec<Patch<'_>>, (Stake, Points)> = BTreeMap::new();
            for subject in open.subjects() {
                let (weight, stake) = match open.answer(&subject) {
                    Answer::Checks(patches) => {
                        let weighed = known.get(&patches).copied();
                        let weighed = weighed.unwrap_or_else(|| weigh(&open.with_checks(&patches)));
                        *known.entry(patches).or_insert(weighed)
                    }
                    Answer::Score(then) => weigh(&then),
                };
                questions.push(Question { unit: score.unit.clone(), subject, stake, weight });
            }
        })?;
        // Stable: questions of equal weight stay in the order of what they are about.
        questions.sort_by_key(Question::order);
        keep(unit, questions)
    };
    scores.par_iter().zip(&members).enumerate().map(of_unit).collect()
}

/// The turn of each unit among questions of equal weight: by group, rank and name.
#[must_use]
pub fn turns(scores: &[UnitScore], standings: &[Standing]) -> Vec<u32> {
    let ranks: BTreeMap<&str, u32> = standings.iter().map(|s| (&*s.unit, s.rank)).collect();
    let mut order: Vec<(usize, &UnitScore)> = scores.iter().enumerate().collect();
    order.sort_by_cached_key(|(_, score)| {
        (score.group.as_str(), ranks.get(&*score.unit).copied().unwrap_or_default(), &*score.unit)
    });
    let mut turns = vec![u32::MAX; scores.len()];
    for (turn, (at, _)) in (0..).zip(order) {
        if let Some(slot) = turns.get_mut(at) {
            *slot = turn;
        }
    }
    turns
}

fn gain(now: &UnitScore, then: &UnitScore) -> Points {
    (then.total.low - now.total.low).max(Points::ZERO)
}

/// What a unit's place depends on.
struct Weigher<'a> {
    scheme: &'a Scheme,
    now: &'a UnitScore,
    contests: &'a [Contest<'a>],
    at: usize,
    standing: Option<&'a Standing>,
}

impl Weigher<'_> {
    /// What another score would change; `undecided`: whether open questions can change a proposal at all.
    fn weigh(&self, then: &UnitScore, undecided: bool) -> Stake {
        let now = self.now;
        let (key, moves) = (key(then), gain(now, then) > Points::ZERO);
        let moved = |contest: &Contest<'_>| {
            let place = contest.place(self.at, &key, !is_barred(self.scheme, contest.award, then));
            place != contest.now(self.at)
        };
        if self.contests.iter().any(moved) {
            Stake::Decides
        } else if (moves || now.measures != then.measures || now.vetoes != then.vetoes) && undecided {
            Stake::MayDecide
        } else if !moves {
            Stake::Nothing
        } else if self.standing.is_some_and(|standing| standing.best != standing.worst) {
            Stake::MovesRank
        } else {
            Stake::MovesPoints
        }
    }
}

/// What an answer changes of a check: so many more met and so many more activities recorded, and the meeting of
/// an activity that becomes sure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Patch<'a> {
    check: &'a str,
    met: u32,
    recorded: u32,
    sure: Option<usize>,
}

impl Patch<'_> {
    fn applied(&self, check: &CheckScore) -> CheckScore {
        let mut check = check.clone();
        let met = self.met.min(check.tally.open);
        check.tally.met += met;
        check.tally.open -= met;
        check.recorded = check.recorded.saturating_add(self.recorded).min(check.reachable);
        for meeting in check.meetings.iter_mut().filter(|meeting| Some(meeting.activity) == self.sure) {
            meeting.sure = true;
        }
        check
    }
}

/// What a question, answered as well as can be, comes to.
enum Answer<'a> {
    /// Other checks.
    Checks(Vec<Patch<'a>>),
    /// Another score.
    Score(UnitScore),
}

/// A unit with what is open about it.
struct Open<'a> {
    ledger: &'a Ledger<'a>,
    asked: &'a Asked<'a>,
    score: &'a UnitScore,
    checks: BTreeMap<&'a str, &'a CheckScore>,
    /// The checks that lines use, in the order of the card.
    used: Vec<&'a CheckScore>,
    /// Of each activity the checks among these on which it may bear, but a person must say so or say when it was.
    doubtful: Vec<Vec<&'a CheckScore>>,
}

impl<'a> Open<'a> {
    fn new(ledger: &'a Ledger<'a>, asked: &'a Asked<'a>, score: &'a UnitScore) -> Self {
        let lines = ledger.lines_for(asked.unit).flat_map(|(_, lines)| lines);
        let ids: BTreeSet<&RequirementId> =
            lines.flat_map(|line| line.line.checks.iter().flatten()).collect();
        let used: Vec<&CheckScore> =
            asked.card.checks.iter().filter(|check| ids.contains(&check.id)).collect();
        let doubtful = asked.proofs.iter().map(|proofs| doubtful(proofs, &used));
        let mut doubtful: Vec<Vec<&CheckScore>> = doubtful.collect();
        for check in &used {
            for index in check.dues.iter().flat_map(|due| &due.open) {
                if let Some(of_activity) = doubtful.get_mut(*index)
                    && !of_activity.iter().any(|other| other.id == check.id)
                {
                    of_activity.push(check);
                }
            }
        }
        Self { ledger, asked, score, checks: by_name(asked.card), used, doubtful }
    }

    fn lines(&self) -> impl Iterator<Item = &'a Ruled<'a>> {
        self.ledger.lines_for(self.asked.unit).flat_map(|(_, lines)| lines)
    }

    fn subjects(&self) -> Vec<Subject> {
        let mut subjects = Vec::new();
        for check in &self.used {
            let open = check.dues.iter().filter(|due| is_open(due));
            subjects.extend(open.map(|due| Subject::Due(check.id.clone(), due.index)));
        }
        for (index, doubtful) in self.doubtful.iter().enumerate() {
            if self.asked.counted.get(index) == Some(&Counted::Yes) && !doubtful.is_empty() {
                subjects.push(Subject::Match(index));
            }
        }
        let missing = self.score.lines().filter(|line| line.missing);
        subjects.extend(missing.map(|line| Subject::Value(line.line.clone())));
        let lines: BTreeSet<&str> = self.lines().map(|line| line.line.id.as_str()).collect();
        let external = self.ledger.external;
        let events = external.events.iter().filter(|event| {
            event.unit == self.asked.unit.name
                && event.state == FactState::Open
                && !event.outweighed
                && lines.contains(event.line.as_str())
        });
        subjects.extend(events.map(|event| Subject::Fact(Box::new(event.place.clone()))));
        let vetoes = self.score.vetoes.iter().filter(|fact| fact.state == FactState::Open);
        subjects.extend(vetoes.map(|fact| Subject::Fact(Box::new(fact.place.clone()))));
        subjects
    }

    /// What one question comes to if it is answered as well as can be, and all others stay open.
    fn answer(&self, subject: &Subject) -> Answer<'a> {
        match subject {
            Subject::Due(id, index) => {
                let check = self.used.iter().find(|check| check.id == *id);
                let patch = check.map(|check| {
                    let missing = check.dues.iter().find(|due| due.index == *index).map_or(0, shortage);
                    Patch { check: check.id.as_str(), met: missing, recorded: missing, sure: None }
                });
                Answer::Checks(patch.into_iter().collect())
            }
            Subject::Match(index) => {
                let doubtful = self.doubtful.get(*index).into_iter().flatten();
                let patch = |check: &&'a CheckScore| {
                    let listed = check.dues.iter().any(|due| due.open.contains(index));
                    let helps = |due: &Due| is_open(due) && (!listed || due.open.contains(index));
                    let unsure = |meeting: &Meeting| meeting.activity == *index && !meeting.sure;
                    Patch {
                        check: check.id.as_str(),
                        met: u32::from(check.dues.iter().any(helps)),
                        recorded: 1,
                        sure: check.meetings.iter().any(unsure).then_some(*index),
                    }
                };
                Answer::Checks(doubtful.map(patch).collect())
            }
            Subject::Value(id) => Answer::Score(self.with_lines(&self.checks, |line, before| {
                let settled = crate::model::Bounds::settled(before.rule.high);
                (line.line.id == *id).then(|| LineScore { counted: settled, ..kept(before) })
            })),
            Subject::Fact(place) => Answer::Score(self.with_fact(place)),
        }
    }

    /// The points with some checks changed.
    fn with_checks(&self, patches: &[Patch<'_>]) -> UnitScore {
        let patched = patches.iter().filter_map(|patch| Some(patch.applied(self.checks.get(patch.check)?)));
        let patched: Vec<CheckScore> = patched.collect();
        let mut checks = self.checks.clone();
        for check in &patched {
            if let Some(slot) = checks.get_mut(check.id.as_str()) {
                *slot = check;
            }
        }
        let touched = |line: &Ruled<'_>| {
            line.line.checks.iter().flatten().any(|id| patched.iter().any(|check| check.id == *id))
        };
        let Ledger { external, field, .. } = self.ledger;
        self.with_lines(&checks, |line, _| {
            touched(line).then(|| line.score(self.asked.unit, &checks, external, field))
        })
    }

    fn with_fact(&self, place: &crate::model::Place) -> UnitScore {
        let mut external = External::default();
        let own = self.ledger.external.events.iter().filter(|event| event.unit == self.asked.unit.name);
        external.events = own.cloned().collect();
        external.judged.clone_from(&self.ledger.external.judged);
        external.own.clone_from(&self.ledger.external.own);
        let mut lines = BTreeSet::new();
        for event in external.events.iter_mut().filter(|event| event.place == *place) {
            let taken = self.ledger.scheme.lines().any(|(block, line)| {
                line.id == event.line
                    && (matches!(block.kind, BlockKind::Deduction(_))
                        || matches!(line.mode, crate::model::Mode::DeductEvents { .. }))
            });
            event.state = if taken { FactState::False } else { FactState::True };
            lines.insert(event.line.clone());
        }
        let mut score = self.with_lines(&self.checks, |line, _| {
            let touched = lines.contains(&line.line.id);
            touched.then(|| line.score(self.asked.unit, &self.checks, &external, &self.ledger.field))
        });
        score.vetoes.retain(|fact| fact.place != *place);
        score
    }

    /// The points with some lines scored anew.
    fn with_lines(
        &self,
        checks: &BTreeMap<&str, &CheckScore>,
        anew: impl Fn(&Ruled<'_>, &LineScore) -> Option<LineScore>,
    ) -> UnitScore {
        let before: BTreeMap<&str, &LineScore> =
            self.score.lines().map(|line| (line.line.as_str(), line)).collect();
        let blocks = self.ledger.lines_for(self.asked.unit).map(|(at, lines)| {
            let line = |line: &Ruled<'_>| {
                let before = before.get(line.line.id.as_str())?;
                Some(anew(line, before).unwrap_or_else(|| kept(before)))
            };
            (at, lines.iter().filter_map(|ruled| line(ruled)).collect())
        });
        self.ledger.finish(self.asked.unit, checks, blocks.collect())
    }
}

/// Whether a period waits for a person.
fn is_open(due: &Due) -> bool {
    due.owed && due.state == State::Unverified && due.found < due.required
}

fn shortage(due: &Due) -> u32 {
    if is_open(due) { due.required - due.found } else { 0 }
}

/// The checks of which an activity's proofs are not sure.
fn doubtful<'a>(proofs: &[Proof], used: &[&'a CheckScore]) -> Vec<&'a CheckScore> {
    let unsure: Vec<&RequirementId> =
        proofs.iter().filter(|proof| !proof.sure).map(|proof| &proof.requirement).collect();
    let is_unsure = |check: &&&CheckScore| unsure.contains(&&check.evidence);
    if unsure.is_empty() { Vec::new() } else { used.iter().filter(is_unsure).copied().collect() }
}

/// A line as it was, without what only a reader looks at.
fn kept(line: &LineScore) -> LineScore {
    LineScore {
        line: line.line.clone(),
        base: line.base,
        tallies: Vec::new(),
        rule: line.rule,
        own: line.own,
        judged: line.judged,
        counted: line.counted,
        reason: String::new(),
        missing: line.missing,
    }
}
