//! The default scheme's scores in the form of the schemes, until the engine gives them.

use super::assess::Assessed;
use crate::model::{
    Absent, BlockId, BlockKind, BlockScore, Bounds, Line, LineId, LineScore, Mode, Points, Rounding, Scheme,
    SchemeBlock, Standing, Tally, UnitScore,
};
use crate::scoring::{Entry, rank};

pub(super) fn scores(assessed: &Assessed) -> (Scheme, Vec<UnitScore>) {
    let mut lines = Vec::new();
    for rules in &assessed.rules {
        for requirement in &rules.requirements {
            lines.push(Line {
                id: LineId::from(requirement.id.as_str()),
                project: requirement.name.clone(),
                content: requirement.source.clone(),
                standard: "按完成比例得分".into(),
                basis: String::new(),
                points: rules.points.get(&requirement.id).copied().unwrap_or_default(),
                mode: Mode::Share,
                checks: vec![vec![requirement.id.clone()]],
                list: Some(rules.list.id.clone()),
            });
        }
    }
    let block = SchemeBlock {
        id: BlockId::from("清单"),
        name: "责任清单".into(),
        kind: BlockKind::Weighted(Points::whole(100)),
        groups: Vec::new(),
        absent: Absent::Rescale,
        in_rank: true,
        in_grade: true,
        lines,
    };
    let scores = assessed
        .results
        .iter()
        .map(|result| {
            let mut own = Vec::new();
            for line in block.lines.iter().filter(|line| line.list.as_ref() == Some(&result.card.list)) {
                let tally = result
                    .card
                    .checks
                    .iter()
                    .find(|check| check.id.as_str() == line.id.as_str())
                    .map_or(Tally::default(), |check| check.tally);
                let base = if tally.required == 0 { Points::ZERO } else { line.points };
                let rule = Bounds {
                    low: base.share(tally.met, tally.required),
                    high: base.share(tally.met + tally.open, tally.required),
                };
                own.push(LineScore {
                    line: line.id.clone(),
                    base,
                    tallies: vec![tally],
                    rule,
                    own: None,
                    judged: None,
                    counted: rule,
                    reason: String::new(),
                    missing: false,
                });
            }
            let applicable: Points = own.iter().map(|line| line.base).sum();
            let earned = Bounds {
                low: own.iter().map(|line| line.counted.low).sum(),
                high: own.iter().map(|line| line.counted.high).sum(),
            };
            let of = |points: Points| Points::whole(100).scale(points, applicable);
            let points = Bounds { low: of(earned.low), high: of(earned.high) };
            let score = BlockScore {
                block: block.id.clone(),
                weight: Points::whole(100),
                applicable,
                earned,
                points,
                lines: own,
            };
            UnitScore {
                unit: result.unit.name.clone(),
                group: result.unit.group.clone(),
                blocks: vec![score],
                before: points,
                total: points,
                for_grade: points,
                ties: Vec::new(),
                measures: Vec::new(),
                vetoes: Vec::new(),
            }
        })
        .collect();
    let scheme = Scheme {
        name: "缺省".into(),
        note: String::new(),
        example: false,
        rounding: Rounding::default(),
        blocks: vec![block],
        ceiling: None,
        ties: Vec::new(),
        grades: Vec::new(),
        awards: Vec::new(),
        vetoes: Vec::new(),
    };
    (scheme, scores)
}

pub(super) fn standings(scores: &[UnitScore]) -> Vec<Standing> {
    rank(&entries(scores, true))
}

pub(super) fn overall(scores: &[UnitScore]) -> Vec<Standing> {
    rank(&entries(scores, false))
}

fn entries(scores: &[UnitScore], grouped: bool) -> Vec<Entry> {
    scores
        .iter()
        .map(|score| Entry {
            unit: score.unit.clone(),
            group: if grouped { score.group.clone() } else { String::new() },
            earned: score.total.low,
            pending: score.total.high - score.total.low,
        })
        .collect()
}
