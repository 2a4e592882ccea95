//! Sentences of 评分标准: what is written is read back, and what cannot be read says how it should be written.

use proptest::prelude::*;
use shuzhi::model::{BallotLimit, EventRule, Measured, Missing, Mode, Period, Points};
use shuzhi::seeds::scheme::grammar::{WAYS, parse, sentence, word};
use shuzhi::seeds::scheme::words;

fn points() -> impl Strategy<Value = Points> {
    (1_i64..20_000).prop_map(Points::from_hundredths)
}

fn name() -> impl Strategy<Value = String> {
    proptest::sample::select(vec![
        "县级稿件",
        "诫勉",
        "移送司法",
        "好",
        "较好",
        "业务得分",
        "A1表",
        "领导票",
        "其余",
    ])
    .prop_map(str::to_owned)
}

fn measured() -> impl Strategy<Value = Measured> {
    prop_oneof![Just(Measured::Completion), Just(Measured::Attendance), name().prop_map(Measured::Column)]
}

fn period() -> impl Strategy<Value = Period> {
    proptest::sample::select(vec![Period::Month, Period::Quarter, Period::Half, Period::Year])
}

fn events(doubles: bool) -> impl Strategy<Value = Vec<EventRule>> {
    let rule = (name(), points(), points(), any::<bool>()).prop_map(move |(matter, a, b, per_person)| {
        EventRule { matter, points: (a.min(b), a.max(b)), per_person, doubles }
    });
    prop::collection::vec(rule, 1..5)
}

fn mode() -> impl Strategy<Value = Mode> {
    let most = || proptest::option::of(points());
    let limit = (any::<bool>(), points(), any::<bool>(), 0_u32..20)
        .prop_map(|(above, score, at_most, count)| BallotLimit { above, score, at_most, count });
    let missing = proptest::sample::select(vec![Missing::Open, Missing::Zero, Missing::NotApplicable]);
    let named = || prop::collection::vec((name(), points()), 2..5);
    prop_oneof![
        Just(Mode::Share),
        Just(Mode::Judged),
        Just(Mode::Fixed),
        (1_u32..20, points(), most()).prop_map(|(each, per, most)| Mode::DeductMissing { each, per, most }),
        prop::collection::vec((period(), 1_u32..20, points()), 1..5).prop_map(|tiers| Mode::Tiers { tiers }),
        (measured(), prop::collection::vec((points(), points()), 1..5), points())
            .prop_map(|(of, tiers, otherwise)| Mode::ValueTiers { of, tiers, otherwise }),
        (measured(), points(), points(), points(), any::<bool>(), most())
            .prop_map(|(of, least, step, per, up, most)| Mode::Rate { of, least, step, per, up, most }),
        (points(), points(), most()).prop_map(|(least, per, most)| Mode::LowMeetings { least, per, most }),
        any::<bool>().prop_flat_map(events).prop_flat_map(move |rules| {
            (Just(rules), 1_u32..50, any::<bool>(), proptest::option::of(points())).prop_map(
                |(rules, times, once_a_case, most)| Mode::DeductEvents { rules, times, once_a_case, most },
            )
        }),
        (events(false), any::<bool>(), most()).prop_map(|(rules, shared, most)| Mode::EventPoints {
            rules,
            shared,
            most
        }),
        (0_u32..20, points(), most()).prop_map(|(beyond, per, most)| Mode::ActivityPoints {
            beyond,
            per,
            most
        }),
        (named(), named(), 0_u32..50).prop_map(|(grades, classes, fewest)| Mode::Votes {
            grades,
            classes,
            fewest
        }),
        (points(), 0_u32..50, proptest::option::of(2_u32..20), prop::collection::vec(limit, 0..3))
            .prop_map(|(full, fewest, trim_over, limits)| Mode::Raters { full, fewest, trim_over, limits }),
        (name(), points(), missing).prop_map(|(column, full, missing)| Mode::External {
            column,
            full,
            missing
        }),
        (name(), prop::collection::vec(points(), 1..6), points())
            .prop_map(|(column, table, rest)| Mode::RankPoints { column, table, rest }),
        (name(), most()).prop_map(|(column, full)| Mode::RatioToBest { column, full }),
    ]
}

proptest! {
    #[test]
    fn a_mode_written_is_the_mode_read(mode in mode(), points in points()) {
        let text = sentence(&mode, points);
        prop_assert_eq!(parse(word(&mode), &text), Ok(mode.clone()), "{}", text);
        // As it comes out of another office program: half width, blanks, straight quotes.
        let typed = text.replace('，', ", ").replace('；', "; ").replace(['“', '”'], "\"") + "。";
        prop_assert_eq!(parse(word(&mode), &typed), Ok(mode), "{}", typed);
    }

    #[test]
    fn no_sentence_stops_the_program(at in 0..WAYS.len(), text in "[每缺扣加分至次取达到低于占满有效票“”0-9.％%，；：、 a超过第名其余]{0,60}") {
        let _ = parse(WAYS[at].word, &text);
        let _ = (words::condition(&text), words::grade(&text), words::award(&text), words::veto(&text));
    }
}

#[test]
fn every_example_is_read() {
    for way in WAYS {
        let mode = parse(way.word, way.example).unwrap();
        assert_eq!(word(&mode), way.word);
        let starting = Points::whole(100);
        assert_eq!(parse(way.word, &sentence(&mode, starting)), Ok(mode), "{}", way.example);
    }
}

#[test]
fn what_cannot_be_read_says_how_to_write_it() {
    let told: Vec<String> = [
        ("缺次扣分", "每缺扣一点"),
        ("缺次扣分", ""),
        ("扣分", "每缺1次扣1分，扣完为止"),
        ("分档", "每月1次得10分；每季度1次得5分"),
        ("民主测评", "好100分、较好80分；有效票不少于5张"),
        ("达标率", "出勤率低于90%的，每低10个百分点扣1分，不足5个百分点的不计，扣完为止"),
        ("事件扣分", "通报每次扣2至1分；最多扣3分"),
        ("外部分数", "取业务得分，满分120分折算，没有的按待定"),
    ]
    .iter()
    .map(|(word, text)| parse(word, text).unwrap_err())
    .collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn sentences_about_the_whole_are_read_back() {
    for text in
        ["优秀：90分以上，不超过30%，去尾", "优秀：不超过3个；条件：总分不低于80分", "一般", "良好：80分以上"]
    {
        assert_eq!(words::grade_text(&words::grade(text).unwrap()), text);
    }
    for text in ["先进：40%，去尾", "先进：3个；组别：机关、直属；条件：完成率 ZB-3a、ZB-3b 不低于 90%"]
    {
        assert_eq!(words::award_text(&words::award(text).unwrap()), text);
    }
    for text in ["责任事故、重大案件：等次最高为“良好”", "重处分：不得表彰"] {
        assert_eq!(words::veto_text(&words::veto(text).unwrap()), text);
    }
    for text in ["总分", "不含加分", "板块 A", "项目 A1", "完成率 ZB-3a、ZB-3b", "外部 业务得分"]
    {
        assert_eq!(words::measure_text(&words::measure(text).unwrap()), text);
    }
}
