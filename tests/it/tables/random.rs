//! No row is lost and nothing breaks, whatever rule meets whatever sheet.

use super::catalogue;
use proptest::prelude::*;
use shuzhi::model::{ColumnRule, Field, KindId, SheetChoice, TableRule, Wanted};
use shuzhi::pipeline::reading::understand_file;
use std::sync::Arc;

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => Just(String::new()),
        3 => prop::sample::select(vec![
            "序号", "时间", "活动类型", "主题", "内容", "人数", "地点", "姓名", "1月", "2月", "第一季度", "支委会",
        ]).prop_map(str::to_owned),
        3 => prop::sample::select(vec![
            "3月5日", "2023.4.6", "同上", "党课", "未开展", "某支部2023年台账", "合计", "注：说明", "一、支委会",
            "1.3月5日召开支委会；2.4月6日讲党课", "主要内容：学习", "学习党章并讨论",
        ]).prop_map(str::to_owned),
        1 => "[0-9]{1,4}",
    ]
}

prop_compose! {
    fn rule()(
        reading in prop::option::weighted(0.7, prop::sample::select(Wanted::ALL.to_vec())),
        header in prop::option::of((1_u32..14, 1_u32..3)),
        first in prop::option::of(1_u32..14),
        last in prop::option::of(1_u32..18),
        columns in prop::collection::btree_map(1_u32..10, prop::sample::select(Field::MEANINGS.to_vec()), 0..5),
        year in prop::option::of(Just(2023)),
        kind in prop::option::of(Just(KindId::from("党课"))),
        unit in prop::option::of(Just(Arc::from("甲支部"))),
        sheet in prop::option::of(Just(SheetChoice::Nth(1))),
    ) -> TableRule {
        let column = |(col, field): (u32, Field)| (col, ColumnRule { field, word: field.word().to_owned() });
        TableRule {
            reading, first, last, year, kind, unit, sheet,
            header: header.map_or_else(Vec::new, |(top, lines)| (top..top + lines).collect()),
            columns: columns.into_iter().map(column).collect(),
            ..TableRule::new("甲", 1, "*")
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_row_is_an_activity_or_left_out(
        rows in prop::collection::vec(prop::collection::vec(cell(), 1..8), 1..16),
        one in rule(),
        two in prop::option::of(rule()),
    ) {
        let text = rows.iter().map(|row| {
            row.iter().map(|c| format!("\"{c}\"")).collect::<Vec<_>>().join(",")
        }).collect::<Vec<_>>().join("\n");
        // Settings refuse a rule that clashes with itself; the reader has to bear it all the same.
        let rules: Vec<&TableRule> = [Some(&one), two.as_ref()].into_iter().flatten().collect();
        let understood = understand_file("台账.csv", text.as_bytes(), &rules, catalogue());
        let submission = understood.submission;
        let counts = submission.counts;
        prop_assert_eq!(counts.nonblank, counts.activity_rows + counts.excluded, "{:?}", rules);
        let (first, last) = (one.first.unwrap_or(0), one.last.unwrap_or(u32::MAX));
        if two.is_none() && one.clash().is_none() {
            for activity in &submission.activities {
                let row = activity.place.row;
                prop_assert!((first..=last).contains(&row), "row {} {:?}", row, rules);
            }
        }
        let said = submission.activities.is_empty() && one.shapes() && counts.nonblank > 0;
        if said {
            prop_assert!(submission.findings.iter().any(|f| ["R025", "R026"].contains(&f.rule.code)), "{:?}", rules);
        }
    }
}
