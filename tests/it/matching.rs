//! The matcher: what it must find, what must not change its answers, and that learning repeats.

use proptest::prelude::*;
use shuzhi::matching::learn::{Ground, Labelled, Settings, cross_validate, learn};
use shuzhi::matching::{Matcher, RowText};
use shuzhi::model::{Decision, DutyItem, DutyList, ItemId, ListId, Match};
use shuzhi::pipeline::matching_lines::match_line;
use shuzhi::seeds::{KindTable, PhraseTable, Weights, duty_lists};
use std::collections::BTreeSet;
use std::sync::LazyLock;

static KINDS: LazyLock<KindTable> =
    LazyLock::new(|| KindTable::load("kinds.toml", include_str!("../../seeds/kinds.toml")).unwrap());
static LISTS: LazyLock<Vec<DutyList>> = LazyLock::new(|| duty_lists::builtin().unwrap());
static PHRASES: LazyLock<PhraseTable> = LazyLock::new(|| {
    let items: BTreeSet<ItemId> =
        LISTS.iter().flat_map(|list| list.items.iter().map(|item| item.id.clone())).collect();
    PhraseTable::builtin(&KINDS, &items).unwrap()
});
static WEIGHTS: LazyLock<Weights> = LazyLock::new(|| Weights::builtin().unwrap());

fn list(id: &str) -> &'static DutyList {
    LISTS.iter().find(|list| list.id.as_str() == id).unwrap()
}

fn matcher(id: &str, learned: bool) -> Matcher {
    Matcher::new(list(id), &KINDS, &PHRASES, learned.then_some(&*WEIGHTS))
}

fn row<'a>(kind: &'a str, title: &'a str, description: &'a str) -> RowText<'a> {
    RowText { kind, title, description, kinds: &[] }
}

fn items(matches: &[Match]) -> BTreeSet<&str> {
    matches.iter().map(|found| found.item.as_str()).collect()
}

#[test]
fn plain_rows_prove_what_their_words_say() {
    for learned in [false, true] {
        for (list, kind, title, expected) in [
            ("ZB", "支委会", "9月支委会", &["ZB-3"][..]),
            ("ZB", "廉政自省日", "本月廉政自省日", &["ZB-3", "ZB-7"]),
            ("ZB", "", "收缴第三季度党费", &["ZB-4"]),
            ("ZB", "", "支部换届选举", &["ZB-6"]),
            ("ZB", "", "向机关党委书面汇报半年思想政治工作情况", &["ZB-2"]),
            ("JW", "", "工会组织职工趣味运动会", &["JW-22"]),
            ("DZ", "中心组学习", "党组理论学习中心组第三次集体学习", &["DZ-5"]),
            ("CY", "民主生活会", "参加党组年度民主生活会", &["CY-3"]),
        ] {
            let matches = matcher(list, learned).matches(&row(kind, title, ""));
            for item in expected {
                assert!(items(&matches).contains(item), "{title} ({learned}): {:?}", items(&matches));
            }
        }
        for (list, kind, title) in [
            ("ZB", "", "领取办公用品"),
            ("ZB", "业务", "水表检测设备维修"),
            ("JW", "后勤", "食堂空调维修"),
            ("ZB", "", ""),
        ] {
            let matches = matcher(list, learned).matches(&row(kind, title, ""));
            assert!(matches.is_empty(), "{title} ({learned}): {:?}", items(&matches));
        }
    }
}

#[test]
fn evidence_names_the_words_and_their_places() {
    for learned in [false, true] {
        let matches = matcher("ZB", learned).matches(&row("支委会", "研究意识形态工作", ""));
        let sentences: Vec<&str> =
            matches.iter().flat_map(|found| &found.evidence).map(|e| e.sentence.as_str()).collect();
        for sentence in ["类型“支委会”属于第3条所指的活动形式", "活动名称中有“意识形态”，与第2条相符"]
        {
            assert!(sentences.contains(&sentence), "{sentences:?}");
        }
    }
}

#[test]
fn a_row_without_item_has_its_nearest_miss() {
    let explanation = matcher("ZB", true).explain(&row("业务", "职工食堂满意度表", ""));
    assert!(explanation.matches.is_empty());
    let next = explanation.next.unwrap();
    assert_eq!(next.decision, Decision::NonLink);
    assert!(!next.evidence.is_empty());
}

#[test]
fn a_list_of_the_office_works_from_its_text() {
    let item = |number: u32, text: &str| DutyItem {
        id: ItemId::from(format!("XF-{number}").as_str()),
        number,
        category: None,
        text: text.to_owned(),
        line: number,
    };
    let list = DutyList {
        id: ListId::from("XF"),
        title: "消防支队党支部责任清单".to_owned(),
        role: "党支部书记".to_owned(),
        preamble: Vec::new(),
        categories: Vec::new(),
        items: vec![
            item(1, "按月召开支部委员会，按季上党课。"),
            item(2, "做好党费收缴和党员发展工作。"),
            item(3, "组织消防安全宣传进家庭，普及灭火常识。"),
            item(4, "加强廉政教育，开展警示教育。"),
        ],
    };
    let matcher = Matcher::new(&list, &KINDS, &PHRASES, Some(&WEIGHTS));
    for (kind, title, expected) in [
        ("支委会", "3月支委会", "XF-1"),
        ("", "收缴上半年党费", "XF-2"),
        ("", "消防安全宣传进家庭,讲灭火常识", "XF-3"),
        ("", "观看警示教育片", "XF-4"),
    ] {
        let found = matcher.matches(&row(kind, title, ""));
        assert_eq!(items(&found), BTreeSet::from([expected]), "{title}: {found:?}");
        assert!(!found[0].evidence.is_empty());
    }
    assert!(matcher.matches(&row("", "办公楼电梯维修", "")).is_empty());
}

#[test]
fn an_edition_of_a_known_list_is_known_by_its_text() {
    let mut edition = list("ZB").clone();
    edition.id = ListId::from("BJ");
    for item in &mut edition.items {
        item.id = ItemId::from(format!("BJ-{}", item.number).as_str());
        item.text = item.text.replace("十九大及十九届历次全会", "二十大和二十届历次全会");
    }
    let row = row("", "收缴第三季度党费", "");
    let known = matcher("ZB", true).matches(&row);
    let found = Matcher::new(&edition, &KINDS, &PHRASES, Some(&WEIGHTS)).matches(&row);
    assert_eq!(found[0].item.as_str(), "BJ-4");
    assert_eq!(found[0].confidence, known[0].confidence);
    // A list of other duties under a known name is matched by what it says.
    let mut other = list("ZB").clone();
    for (item, text) in
        other.items.iter_mut().zip(["消防安全", "水源巡护", "收缴党费", "植树", "值班", "车辆", "档案"])
    {
        item.text = text.to_owned();
    }
    let found = Matcher::new(&other, &KINDS, &PHRASES, Some(&WEIGHTS)).matches(&row);
    assert_eq!(items(&found), BTreeSet::from(["ZB-3"]));
}

#[test]
fn lines_have_the_stable_form() {
    let matcher = matcher("ZB", true);
    let line =
        match_line(&matcher, r#"{"id":"a1","activity_type":"党费","title":"收缴党费","外":1}"#).unwrap();
    let value: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert!(line.starts_with(r#"{"id":"a1","items":[{"item":"ZB-4","confidence":0."#), "{line}");
    assert_eq!(value["items"][0]["decision"], "link");
    assert!(value["items"][0]["evidence"][0].is_string());
    assert_eq!(match_line(&matcher, r#"{"id":7}"#).unwrap(), r#"{"id":7,"items":[]}"#);
    assert_eq!(match_line(&matcher, "{}").unwrap(), r#"{"id":"","items":[]}"#);
    for (line, message) in [
        ("", "不是一行 JSON 对象"),
        ("[1]", "不是一行 JSON 对象"),
        (r#"{"id":"a","title":3}"#, "“title”应是文字"),
        (r#"{"id":[]}"#, "“id”应是文字或数字"),
    ] {
        assert!(match_line(&matcher, line).unwrap_err().contains(message), "{line}");
    }
}

#[test]
fn long_and_odd_rows_are_answered() {
    let long = "党员大会学习党章".repeat(1250);
    for learned in [false, true] {
        let matcher = matcher("ZB", learned);
        for text in [
            long.as_str(),
            "\u{0}\u{202e}\u{feff}",
            "👨‍👩‍👧‍👦🇨🇳",
            "ﷺ㍿㌖½",
            "\u{1d400}党\u{300}课",
            "\n\n",
            "0000000001",
        ] {
            for row in [row(text, "", ""), row("", text, ""), row("", "", text), row(text, text, text)] {
                let found = matcher.matches(&row);
                assert!(found.len() <= 3);
                assert!(found.windows(2).all(|pair| pair[0].confidence >= pair[1].confidence));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn any_text_is_answered_the_same_way_each_time(
        kind in ".{0,12}",
        title in "[党课支部委员会学习廉政警示教育发展对象,。0-9a-zA-Z]{0,30}",
        description in ".{0,60}",
    ) {
        static ONE: LazyLock<Matcher> = LazyLock::new(|| matcher("JW", true));
        static TWO: LazyLock<Matcher> = LazyLock::new(|| matcher("JW", true));
        let row = row(&kind, &title, &description);
        let first = ONE.explain(&row);
        // Other rows in between change nothing.
        let _ = TWO.matches(&RowText { title: &description, ..row });
        prop_assert_eq!(&first, &TWO.explain(&row));
        prop_assert_eq!(first.matches, ONE.matches(&row));
    }

    #[test]
    fn a_further_phrase_never_lowers_its_item(
        title in "[党课支部委员会学习廉政警示教育发展对象工会检查换届]{4,24}",
        item in 1..=7_u32,
        from in 0..3_usize,
    ) {
        let phrase: String = title.chars().skip(from).take(2).collect();
        let id = ItemId::from(format!("ZB-{item}").as_str());
        for learned in [None, Some(&*WEIGHTS)] {
            static BEFORE: LazyLock<[Matcher; 2]> =
                LazyLock::new(|| [matcher("ZB", false), matcher("ZB", true)]);
            let after =
                Matcher::new(list("ZB"), &KINDS, &PHRASES.clone().with_phrase(&id, &phrase), learned);
            let row = row("", &title, "");
            let confidence = |matches: &[Match]| {
                matches.iter().find(|found| found.item == id).map_or(0, |found| found.confidence)
            };
            let before = &BEFORE[usize::from(learned.is_some())];
            prop_assert!(confidence(&after.matches(&row)) >= confidence(&before.matches(&row)));
        }
    }
}

#[test]
fn the_weights_file_is_canonical_and_fits_the_lists() {
    let bytes = include_bytes!("../../seeds/weights.bin");
    assert!(WEIGHTS.to_bytes() == bytes, "the file is not what it is when written again");
    let known: BTreeSet<&str> = WEIGHTS.content().items.iter().map(|item| item.item.as_str()).collect();
    let all: BTreeSet<&str> =
        LISTS.iter().flat_map(|list| list.items.iter().map(|item| item.id.as_str())).collect();
    assert_eq!(known, all);
    for cut in [0, 3, 4, 20, 500, bytes.len() - 1] {
        assert!(Weights::load("w", &bytes[..cut]).is_err(), "{cut}");
    }
    let mut longer = bytes.to_vec();
    longer.push(0);
    assert!(Weights::load("w", &longer).is_err());
}

fn training() -> Vec<Labelled> {
    let lines = include_str!("../../seeds/training/judged.jsonl").lines();
    let rows = lines.map(|line| serde_json::from_str::<Labelled>(line).unwrap());
    rows.filter(|row| matches!(row.list.as_str(), "ZB" | "CY"))
        .take(120)
        .map(|row| Labelled { judged: true, ..row })
        .collect()
}

#[test]
fn learning_repeats_byte_for_byte() {
    let rows = training();
    let ground = Ground { lists: &LISTS, kinds: &KINDS, phrases: &PHRASES };
    let settings = Settings { inner_parts: 2, ..Settings::default() };
    let first = learn(&rows, &ground, &settings);
    assert!(first.to_bytes() == learn(&rows, &ground, &settings).to_bytes());
    let again = Weights::load("w", &first.to_bytes()).unwrap();
    assert!(again.content() == first.content());
    assert!(!first.content().features().is_empty());
}

#[test]
fn blind_answers_come_from_the_other_rows() {
    let mut rows = training();
    // Twins with labels that nothing else suggests must not teach each other.
    for index in 0..6 {
        rows.push(Labelled {
            id: format!("twin{index}"),
            list: "ZB".to_owned(),
            kind: String::new(),
            title: format!("甲乙丙丁戊己庚辛壬癸{index}"),
            description: String::new(),
            items: vec!["ZB-6".to_owned()],
            judged: true,
        });
    }
    let ground = Ground { lists: &LISTS, kinds: &KINDS, phrases: &PHRASES };
    let answers = cross_validate(&rows, &ground, &Settings { inner_parts: 2, ..Settings::default() }, 3);
    assert_eq!(answers.len(), rows.len());
    for answer in &answers {
        if rows[answer.row].id.starts_with("twin") {
            assert!(!items(&answer.matches).contains("ZB-6"));
        }
    }
}

#[test]
fn the_weights_were_learned_from_the_seeds_as_they_are() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
    let mut files = vec!["duty-lists.txt".to_owned(), "kinds.toml".to_owned()];
    files.extend(["topics", "zb", "jw", "dz", "cy"].map(|name| format!("phrases/{name}.toml")));
    files.extend(["practice", "authored", "judged"].map(|name| format!("training/{name}.jsonl")));
    let mut hash = sha2::Sha256::default();
    for file in files {
        sha2::Digest::update(&mut hash, std::fs::read(root.join(file)).unwrap());
    }
    let now =
        sha2::Digest::finalize(hash).iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    let learned = std::fs::read_to_string(root.join("weights.sha256")).unwrap();
    assert_eq!(learned.trim(), now, "run: cargo run --release --example learn train seeds/weights.bin");
}
