//! Whether the numbers of a scheme fit each other.
//!
//! In: modes, points, weights. Out: sentences about what does not fit. Never here: names.

use super::draft::{Draft, Where};
use crate::model::{BlockKind, Mode, Points, Scheme};
use std::collections::BTreeSet;

/// Full weight.
const FULL: Points = Points::whole(100);

/// What does not fit about the numbers of one line.
pub(super) fn line(mode: &Mode, points: Points, kind: BlockKind, standard: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let most = match mode {
        Mode::DeductMissing { most, .. }
        | Mode::Rate { most, .. }
        | Mode::LowMeetings { most, .. }
        | Mode::DeductEvents { most, .. }
        | Mode::EventPoints { most, .. }
        | Mode::ActivityPoints { most, .. } => *most,
        _ => None,
    };
    if let Some(most) = most.filter(|most| *most > points) {
        wrong.push(format!("评分标准写最多{most}分，多于分值{points}分"));
    }
    match mode {
        Mode::Tiers { tiers } => {
            first_tier(tiers.first().map(|tier| tier.2), points, &mut wrong);
            falling(tiers.iter().map(|tier| tier.2), "各档的分", &mut wrong);
        }
        Mode::ValueTiers { tiers, otherwise, .. } => {
            first_tier(tiers.first().map(|tier| tier.1), points, &mut wrong);
            falling(tiers.iter().map(|tier| tier.0), "“达到”的数", &mut wrong);
            let all = tiers.iter().map(|tier| tier.1).chain([*otherwise]);
            falling(all, "各档的分", &mut wrong);
        }
        Mode::Votes { grades, classes, .. } => {
            let sum: Points = classes.iter().map(|(_, share)| *share).sum();
            if sum != FULL {
                wrong.push(format!("各类票的比例合计是{sum}%，应为100%"));
            }
            falling(grades.iter().map(|(_, value)| *value), "各等次的分", &mut wrong);
            twice(grades.iter().chain(classes).map(|(name, _)| name.as_str()), &mut wrong);
        }
        Mode::DeductEvents { rules, .. } | Mode::EventPoints { rules, .. } => {
            twice(rules.iter().map(|rule| rule.matter.as_str()), &mut wrong);
        }
        Mode::RankPoints { table, rest, .. } => {
            let all = table.iter().copied().chain([*rest]);
            falling(all, "各名次的分", &mut wrong);
            if let Some(first) = table.first().filter(|first| **first > points) {
                wrong.push(format!("第1名{first}分，高于分值{points}分"));
            }
        }
        Mode::Fixed => {
            if let Some(stated) = super::reading::starting_points(standard).filter(|stated| *stated != points)
            {
                wrong.push(format!("评分标准写起评{stated}分，分值是{points}分，应当相同"));
            }
        }
        _ => {}
    }
    let weighted_only = matches!(mode, Mode::Fixed | Mode::RankPoints { .. } | Mode::RatioToBest { .. });
    let adds = matches!(mode, Mode::EventPoints { .. } | Mode::ActivityPoints { .. });
    let takes = matches!(
        mode,
        Mode::DeductEvents { .. } | Mode::DeductMissing { .. } | Mode::LowMeetings { .. } | Mode::Rate { .. }
    );
    let fits = match kind {
        BlockKind::Weighted(_) => true,
        BlockKind::Bonus(_) => adds || !(takes || weighted_only),
        BlockKind::Deduction(_) => takes,
    };
    if !fits {
        let word = super::grammar::word(mode);
        let block = match kind {
            BlockKind::Weighted(_) => "计分",
            BlockKind::Bonus(_) => "加分",
            BlockKind::Deduction(_) => "扣分",
        };
        wrong.push(format!("方式“{word}”不能用在{block}板块"));
    }
    wrong
}

fn first_tier(first: Option<Points>, points: Points, wrong: &mut Vec<String>) {
    if let Some(first) = first.filter(|first| *first != points) {
        wrong.push(format!("第一档得{first}分，应等于分值{points}分"));
    }
}

fn falling(values: impl Iterator<Item = Points>, what: &str, wrong: &mut Vec<String>) {
    let values: Vec<Points> = values.collect();
    if let Some(pair) = values.windows(2).find(|pair| pair.first() <= pair.last()) {
        let shown: Vec<String> = pair.iter().map(ToString::to_string).collect();
        wrong.push(format!("{what}要从高到低写，现在{}在前、{}在后", shown[0], shown[1]));
    }
}

fn twice<'a>(names: impl Iterator<Item = &'a str>, wrong: &mut Vec<String>) {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            wrong.push(format!("“{name}”写了两次"));
        }
    }
}

/// Groups whose weights do not sum to 100, each with the place of its first weight.
pub(super) fn weights(draft: &Draft, scheme: &Scheme) -> Vec<(Where, String)> {
    let weighted: Vec<_> = scheme
        .blocks
        .iter()
        .zip(&draft.blocks)
        .filter_map(|(block, written)| match block.kind {
            BlockKind::Weighted(weight) => Some((block, written, weight)),
            _ => None,
        })
        .collect();
    let groups: BTreeSet<&str> = weighted.iter().flat_map(|(b, ..)| &b.groups).map(String::as_str).collect();
    let for_all = weighted.iter().any(|(block, ..)| block.groups.is_empty());
    let mut wrong = Vec::new();
    let mut check = |group: Option<&str>| {
        let own = weighted.iter().filter(|(block, ..)| {
            block.groups.is_empty() || group.is_some_and(|group| block.groups.iter().any(|g| g == group))
        });
        let parts: Vec<String> =
            own.clone().map(|(block, _, weight)| format!("{} {weight}", block.id)).collect();
        let sum: Points = own.clone().map(|(_, _, weight)| *weight).sum();
        if sum == FULL {
            return;
        }
        let at = own.clone().next().map_or(&draft.at, |(block, written, _)| {
            draft.weights.get(block.id.as_str()).map_or(&written.kind.at, |changed| &changed.at)
        });
        let whose = match group {
            Some(group) => format!("组别“{group}”的板块权重"),
            None if groups.is_empty() => "各板块的权重".to_owned(),
            None => "其他组别的板块权重".to_owned(),
        };
        let shown = if parts.is_empty() { String::new() } else { format!("（{}）", parts.join("、")) };
        wrong.push((at.clone(), format!("{whose}合计是{sum}{shown}，应为100；加分、扣分的板块不计权重")));
    };
    for group in &groups {
        check(Some(group));
    }
    if for_all || groups.is_empty() {
        check(None);
    }
    wrong
}

/// Attendance is judged by one threshold of each kind.
pub(super) fn thresholds(scheme: &Scheme) -> Vec<String> {
    use crate::model::Measured::Attendance;
    let mut low = BTreeSet::new();
    let mut rate = BTreeSet::new();
    for (_, line) in scheme.lines() {
        match &line.mode {
            Mode::LowMeetings { least, .. } => {
                low.insert(*least);
            }
            Mode::Rate { of: Attendance, least, .. } => {
                rate.insert(*least);
            }
            _ => {}
        }
    }
    let told = |least: &BTreeSet<Points>, what: &str| {
        let shown: Vec<String> = least.iter().map(|least| format!("{least}%")).collect();
        (least.len() > 1).then(|| format!("{what}的出勤率标准有 {}，全方案只能有一个", shown.join("、")))
    };
    told(&low, "“出勤率低于……的会议”").into_iter().chain(told(&rate, "“出勤率低于……的”")).collect()
}
