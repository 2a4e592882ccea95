//! Schemes: every figure of the worked examples in `docs/算例`, recomputed.

mod example;
pub(crate) mod written;

use example::{Example, same};
use shuzhi::model::{BlockKind, Bounds, Points, Tally};
use shuzhi::scoring::{leeway, rank, scores};
use shuzhi::seeds::Catalogue;
use shuzhi::seeds::scheme::EXAMPLES;
use written::{examples, line, scheme, weighted};

/// A scheme as the program loads it, by the name of its file in `seeds/schemes`; its checks are those of the
/// scheme written out.
fn load(name: &str, written: &shuzhi::model::Scheme) -> shuzhi::model::Scheme {
    let (_, file, text) = EXAMPLES.iter().find(|(_, file, _)| file.contains(name)).unwrap();
    let loaded = crate::inputs::load(file, text).unwrap();
    for (_, line) in written.lines() {
        let own = loaded.line(&line.id).unwrap();
        assert_eq!(
            (&own.mode, own.points, &own.checks),
            (&line.mode, line.points, &line.checks),
            "{name} {}",
            line.id
        );
    }
    loaded
}

#[test]
fn every_figure_of_the_worked_examples_is_recomputed() {
    let mut compared = 0;
    for (name, written) in examples() {
        let scheme = load(name, &written);
        let example = Example::read(name, &scheme);
        let got = scores(&scheme, &example.units(), &example.external);
        let standings = rank(&scheme, &got, false);
        let leeway = leeway(&scheme, &got);
        for (block, ends) in &example.leeway {
            let found = leeway.iter().find(|leeway| leeway.block.as_str() == block).unwrap();
            same(&format!("{name} 敏感性 {block}"), Bounds { low: found.down, high: found.up }, *ends);
        }
        for (unit, score) in example.expected.iter().zip(&got) {
            let at = format!("{name} {}", score.unit);
            for (id, bounds) in &unit.lines {
                let line = score.lines().find(|line| line.line.as_str() == id).unwrap();
                same(&format!("{at} {id}"), line.counted, *bounds);
            }
            for (id, bounds) in &unit.blocks {
                let block = score.blocks.iter().find(|block| block.block.as_str() == id).unwrap();
                same(&format!("{at} 板块 {id}"), block.points, *bounds);
            }
            if let Some(bounds) = unit.before {
                same(&format!("{at} 不含加分"), score.before, bounds);
            }
            same(&format!("{at} 总分"), score.total, unit.total);
            let standing = standings.iter().find(|standing| standing.unit == score.unit).unwrap();
            assert_eq!((standing.rank, standing.best, standing.worst), unit.ranks, "{at}");
            if let Some(grade) = &unit.grade {
                assert_eq!(&standing.grade.as_ref().unwrap().name, grade, "{at}");
            }
            if let Some(place) = &unit.award {
                assert_eq!(standing.awards[0].place.as_str(), place, "{at}: {:?}", standing.awards);
            }
            compared += unit.lines.len() + unit.blocks.len() + 3;
        }
    }
    assert!(compared > 80, "{compared}");
}

#[test]
fn the_default_scheme_is_recomputed() {
    let catalogue = Catalogue::builtin().unwrap();
    let list = &catalogue.lists.iter().find(|list| list.id.as_str() == "ZB").unwrap().id;
    let requirements: Vec<_> =
        catalogue.requirements.iter().filter(|r| r.id.as_str().starts_with("ZB-")).collect();
    let full = catalogue.scheme("").unwrap().points_for(list);
    let lines = requirements
        .iter()
        .map(|r| {
            line(r.id.as_str(), &full[&r.id].to_string(), shuzhi::model::Mode::Share, &[&[r.id.as_str()]])
        })
        .collect();
    let scheme = scheme("缺省", vec![weighted("清单", 100, lines)]);
    let mut example = Example::read("缺省", &scheme);
    for requirement in &requirements {
        example.check_unless_there(requirement.id.as_str(), Tally { required: 1, met: 1, open: 0 });
    }
    let got = scores(&scheme, &example.units(), &example.external);
    let expected = &example.expected[0];
    same("总分", got[0].total, expected.total);
    for (id, bounds) in &expected.lines {
        let line = got[0].lines().find(|line| line.line.as_str() == id).unwrap();
        same(id, line.counted, *bounds);
    }
    assert!(matches!(scheme.blocks[0].kind, BlockKind::Weighted(weight) if weight == Points::whole(100)));
}
