//! Grades by quota and threshold, and proposals for commendation.

use super::before::Before;
use super::rank::{count, is_settled, key, surely_ahead};
use crate::model::{
    Award, AwardPlace, Awarded, Bounds, Condition, Cut, FactState, Graded, Points, Quota, Scheme, UnitScore,
    VetoEffect, VetoFact,
};
use std::collections::BTreeSet;

/// What stands where a scheme names no commendation line.
pub const DEFAULT_AWARD: &str = "表彰建议（程序缺省：每组30%，去尾）";
/// The unit just outside and so many places more get the distance to the line.
const TOLD_OUTSIDE: u32 = 3;

/// The commendation lines of a scheme that are for a group; the program's own where it names none.
#[must_use]
pub fn awards_for(scheme: &Scheme, group: &str) -> Vec<Award> {
    if scheme.awards.is_empty() {
        return vec![Award {
            name: DEFAULT_AWARD.to_owned(),
            groups: Vec::new(),
            quota: Quota::Share(Points::whole(30), Cut::Down),
            conditions: Vec::new(),
        }];
    }
    let own = |award: &&Award| award.groups.is_empty() || award.groups.iter().any(|g| g == group);
    scheme.awards.iter().filter(own).cloned().collect()
}

/// How many of so many units a quota is.
#[must_use]
pub fn heads(quota: Quota, units: usize) -> u32 {
    match quota {
        Quota::Heads(heads) => heads,
        Quota::Share(share, cut) => {
            // Hundredths of per cent.
            let parts = i64::from(count(units)).saturating_mul(share.hundredths());
            let (whole, rest) = (parts / 10_000, parts % 10_000);
            let up = match cut {
                Cut::Down => false,
                Cut::Nearest => rest >= 5_000,
                Cut::Up => rest > 0,
            };
            u32::try_from(whole + i64::from(up)).unwrap_or(0)
        }
    }
}

/// Grade and commendations of each member of a group, in the order of the members. `ranks`: rank, best, worst.
pub(super) fn proposals(
    scheme: &Scheme,
    members: &[&UnitScore],
    ranks: &[(u32, u32, u32)],
) -> Vec<(Option<Graded>, Vec<Awarded>)> {
    let group = members.first().map_or("", |score| score.group.as_str());
    let mut grades = grades(scheme, members);
    let mut awarded: Vec<Vec<Awarded>> = vec![Vec::new(); members.len()];
    for award in awards_for(scheme, group) {
        let contest = Contest::new(scheme, &award, members);
        for (at, (own, rank)) in awarded.iter_mut().zip(ranks).enumerate() {
            own.push(contest.awarded(at, *rank));
        }
    }
    grades.resize(members.len(), None);
    grades.into_iter().zip(awarded).collect()
}

/// One commendation line in one group.
pub(super) struct Contest<'a> {
    pub(super) award: &'a Award,
    members: &'a [&'a UnitScore],
    pub(super) quota: u32,
    /// Why a member is not eligible, at the low end and at the high end.
    barred: Vec<(Option<String>, Option<String>)>,
    keys: Vec<Vec<Points>>,
    vetoed: Vec<bool>,
    /// The keys of the eligible, sorted.
    line: Vec<Vec<Points>>,
    eligible: Before,
    perhaps: Before,
}

impl<'a> Contest<'a> {
    pub(super) fn new(scheme: &Scheme, award: &'a Award, members: &'a [&'a UnitScore]) -> Self {
        let barred = |score: &&UnitScore| {
            (
                barred(scheme, award, score, |ends| ends.low, true),
                barred(scheme, award, score, |ends| ends.high, false),
            )
        };
        let barred: Vec<(Option<String>, Option<String>)> = members.iter().map(barred).collect();
        let keys: Vec<Vec<Points>> = members.iter().map(|score| key(score)).collect();
        let with = |perhaps: bool| {
            let own = members.iter().zip(&barred);
            own.filter(move |(_, (low, high))| if perhaps { high.is_none() } else { low.is_none() })
                .map(|(score, _)| *score)
        };
        let mut line: Vec<Vec<Points>> = with(false).map(key).collect();
        line.sort_unstable();
        Self {
            award,
            members,
            quota: heads(award.quota, members.len()),
            vetoed: members.iter().map(|score| vetoing(scheme, score, true).is_some()).collect(),
            line,
            eligible: Before::new(with(false)),
            perhaps: Before::new(with(true)),
            barred,
            keys,
        }
    }

    /// Whether a fact bars a member, whatever its figures.
    pub(super) fn is_vetoed(&self, at: usize) -> bool {
        self.vetoed.get(at).copied().unwrap_or_default()
    }

    fn is_eligible(&self, at: usize) -> bool {
        self.barred.get(at).is_some_and(|(low, _)| low.is_none())
    }

    fn may_be_eligible(&self, at: usize) -> bool {
        self.barred.get(at).is_some_and(|(_, high)| high.is_none())
    }

    /// Where a member with this key would stand among the other eligible members.
    pub(super) fn place(&self, at: usize, key: &[Points], eligible: bool) -> AwardPlace {
        if !eligible {
            return AwardPlace::NotEligible;
        }
        let own = self.keys.get(at).filter(|_| self.is_eligible(at)).map(Vec::as_slice);
        let to = self.line.partition_point(|other| other.as_slice() <= key);
        let from = self.line.partition_point(|other| other.as_slice() < key);
        let ahead = count(self.line.len() - to) - u32::from(own > Some(key));
        let equal = count(to - from) - u32::from(own == Some(key));
        if ahead + 1 + equal <= self.quota {
            AwardPlace::In
        } else if ahead < self.quota {
            AwardPlace::Tied
        } else {
            AwardPlace::Outside
        }
    }

    /// Where a member stands as things are proved.
    pub(super) fn now(&self, at: usize) -> AwardPlace {
        self.keys.get(at).map_or(AwardPlace::NotEligible, |key| self.place(at, key, self.is_eligible(at)))
    }

    /// The best place among the eligible, and the last place that a member can share.
    pub(super) fn reach(&self, at: usize) -> (u32, u32) {
        let Some(own) = self.members.get(at) else { return (u32::MAX, u32::MAX) };
        let sure = self.eligible.surely(own);
        let possible = self.perhaps.beside(own, self.may_be_eligible(at));
        (count(sure) + 1, count(possible) + 1)
    }

    /// Whether no settlement of the open questions changes where a member stands.
    fn is_firm(&self, at: usize, place: AwardPlace) -> bool {
        if !self.may_be_eligible(at) {
            return true;
        }
        if !self.is_eligible(at) {
            return false;
        }
        let (best, last) = self.reach(at);
        match place {
            AwardPlace::In => last <= self.quota,
            AwardPlace::Outside => best > self.quota,
            AwardPlace::Tied => self.members.get(at).is_some_and(|own| {
                let rest = self.members.iter().enumerate().filter(|(other, _)| *other != at);
                rest.filter(|(i, _)| self.may_be_eligible(*i)).all(|(i, other)| {
                    let apart = surely_ahead(other, own) || surely_ahead(own, other);
                    (self.is_eligible(i) && (apart || (is_settled(other) && is_settled(own))))
                        || surely_ahead(own, other)
                })
            }),
            AwardPlace::NotEligible => false,
        }
    }

    /// Whether the open questions can still change where a member stands.
    pub(super) fn is_open(&self, at: usize) -> bool {
        !self.is_firm(at, self.now(at))
    }

    fn awarded(&self, at: usize, (rank, best, worst): (u32, u32, u32)) -> Awarded {
        let place = self.now(at);
        let firm = self.is_firm(at, place);
        let own = self.members.get(at);
        let total = own.map_or(Points::ZERO, |score| score.total.low);
        let mut reason = match place {
            AwardPlace::In => format!("组内第{rank}，{total}分，名额{}个", self.quota),
            AwardPlace::Tied => {
                format!("第{rank}，{total}分，与同分单位并列在名额线上（名额{}个），由考核组决定", self.quota)
            }
            AwardPlace::Outside => self.outside(rank, total),
            AwardPlace::NotEligible => {
                self.barred.get(at).and_then(|(low, _)| low.clone()).unwrap_or_default()
            }
        };
        if !firm {
            let may = if place == AwardPlace::NotEligible { "，待核后可能具备条件" } else { "" };
            let range =
                if best == worst { String::new() } else { format!("，名次可能为{best}～{worst}") };
            reason += &format!("；还有待核事项{may}{range}");
        }
        Awarded { award: self.award.name.clone(), place, firm, reason }
    }

    fn outside(&self, rank: u32, total: Points) -> String {
        let quota = usize::try_from(self.quota).ok().and_then(|quota| quota.checked_sub(1));
        // A key begins with the total.
        let last = quota.and_then(|at| self.line.iter().nth_back(at)?.first().copied());
        match last {
            Some(last) if rank <= self.quota.saturating_add(TOLD_OUTSIDE) => {
                format!("第{rank}，差{}分", last - total)
            }
            Some(_) => format!("第{rank}，名额{}个", self.quota),
            None => "本组没有名额".to_owned(),
        }
    }
}

/// Whether something bars a unit from a commendation as things are proved.
pub(super) fn is_barred(scheme: &Scheme, award: &Award, score: &UnitScore) -> bool {
    barred(scheme, award, score, |ends| ends.low, true).is_some()
}

/// Who is in or tied at the line, by their keys (none: not eligible): all before whom fewer than the quota come.
pub(super) fn chosen(keys: &[Option<Vec<i64>>], quota: usize) -> BTreeSet<usize> {
    let mut eligible: Vec<&Vec<i64>> = keys.iter().flatten().collect();
    eligible.sort_unstable_by(|a, b| b.cmp(a));
    let Some(last) = quota.min(eligible.len()).checked_sub(1).and_then(|at| eligible.get(at)).copied() else {
        return BTreeSet::new();
    };
    let reaches =
        |(at, key): (usize, &Option<Vec<i64>>)| key.as_ref().is_some_and(|key| key >= last).then_some(at);
    keys.iter().enumerate().filter_map(reaches).collect()
}

/// The fact that bars a unit from commendation. `open_counts`: also one that is still open.
fn vetoing<'a>(scheme: &Scheme, score: &'a UnitScore, open_counts: bool) -> Option<&'a VetoFact> {
    score.vetoes.iter().find(|fact| {
        (fact.state == FactState::True || open_counts)
            && scheme
                .vetoes
                .iter()
                .any(|veto| veto.effect == VetoEffect::NoAward && veto.matters.contains(&fact.matter))
    })
}

/// Why a unit cannot be commended, at one end.
fn barred(
    scheme: &Scheme,
    award: &Award,
    score: &UnitScore,
    end: impl Fn(Bounds) -> Points,
    open_counts: bool,
) -> Option<String> {
    if let Some(fact) = vetoing(scheme, score, open_counts) {
        let open = if fact.state == FactState::Open { "（待核）" } else { "" };
        return Some(format!("“{}”{open}不得表彰", fact.matter));
    }
    unmet(&award.conditions, score, end)
}

/// The first condition that is not met, with the figure.
fn unmet(conditions: &[Condition], score: &UnitScore, end: impl Fn(Bounds) -> Points) -> Option<String> {
    conditions.iter().find_map(|condition| {
        let bounds = score.measures.iter().find(|(text, _)| *text == condition.text)?.1;
        let value = end(bounds);
        (value < condition.least).then(|| {
            let open = if bounds.high >= condition.least && bounds.low < condition.least {
                format!("，待核事项成立时可达{}", bounds.high)
            } else {
                String::new()
            };
            format!("“{}”：现为{value}{open}", condition.text)
        })
    })
}

/// The grade of each member; none where the scheme has no grades.
fn grades(scheme: &Scheme, members: &[&UnitScore]) -> Vec<Option<Graded>> {
    let key = |score: &UnitScore| -> Vec<Points> {
        std::iter::once(score.for_grade.low).chain(score.ties.iter().map(|tie| tie.low)).collect()
    };
    let meets = |score: &UnitScore, at: usize| {
        scheme.grades.get(at).is_some_and(|grade| {
            grade.least.is_none_or(|least| score.for_grade.low >= least)
                && unmet(&grade.conditions, score, |ends| ends.low).is_none()
                && cap(scheme, score).is_none_or(|(highest, _)| at >= highest)
        })
    };
    let rivals: Vec<Vec<Vec<Points>>> = (0..scheme.grades.len())
        .map(|at| {
            let shared = scheme.grades.get(at).is_some_and(|grade| grade.share.is_some());
            let own = members.iter().filter(|score| shared && meets(score, at));
            let mut keys: Vec<Vec<Points>> = own.map(|score| key(score)).collect();
            keys.sort_unstable();
            keys
        })
        .collect();
    members
        .iter()
        .map(|score| {
            let mut full = String::new();
            let mut tied = false;
            for (at, grade) in scheme.grades.iter().enumerate() {
                if !meets(score, at) {
                    continue;
                }
                if let Some(share) = grade.share {
                    let quota = heads(share, members.len());
                    let rivals = rivals.get(at).map_or(&[][..], Vec::as_slice);
                    let own = key(score);
                    let (from, to) = (
                        rivals.partition_point(|other| *other < own),
                        rivals.partition_point(|other| *other <= own),
                    );
                    let (ahead, equal) = (count(rivals.len() - to), count(to - from));
                    if ahead + equal > quota {
                        tied = ahead < quota;
                        let why = if tied {
                            "与同分单位并列在名额线上，由考核组决定"
                        } else {
                            "名额已满"
                        };
                        full = format!("；“{}”名额{quota}个，{why}", grade.name);
                        continue;
                    }
                }
                let mut reason = format!("{}分{full}", score.for_grade.low);
                if let Some((highest, fact)) = cap(scheme, score).filter(|(highest, _)| *highest > 0) {
                    let name = scheme.grades.get(highest).map_or("", |grade| grade.name.as_str());
                    reason += &format!("；“{fact}”等次最高为“{name}”");
                }
                return Some(Graded { name: grade.name.clone(), reason, tied });
            }
            None
        })
        .collect()
}

/// The highest grade, as an index, that a veto leaves, with the fact.
fn cap<'a>(scheme: &Scheme, score: &'a UnitScore) -> Option<(usize, &'a str)> {
    let caps = score.vetoes.iter().flat_map(|fact| {
        let own = scheme.vetoes.iter().filter(|veto| veto.matters.contains(&fact.matter));
        own.filter_map(move |veto| match &veto.effect {
            VetoEffect::Cap(name) => scheme.grades.iter().position(|grade| grade.name == *name),
            VetoEffect::NoAward => None,
        })
        .map(|at| (at, fact.matter.as_str()))
    });
    caps.max_by_key(|(at, _)| *at)
}
