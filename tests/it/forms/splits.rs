//! The same text in other runs gives the same document.

use super::{changed, packed, paragraphs, part, sample, sections, texts, values, well_formed};
use crate::made::Dice;
use shuzhi::render::form::OfficeTemplate;

const BODY: &str = "word/document.xml";
const HEAD: &str = "word/header1.xml";

/// How the text of a run becomes several runs.
type Way = fn(&str, &[String]) -> String;

/// Splits the text of plain runs; `make` gets the properties and characters of a run.
fn split(xml: &str, make: &mut dyn FnMut(&str, &[String]) -> String) -> String {
    let mut out = String::new();
    let mut rest = xml;
    while let Some(at) = rest.find("<w:r>").into_iter().chain(rest.find("<w:r ")).min() {
        let (before, run) = rest.split_at(at);
        out.push_str(before);
        let end = run.find("</w:r>").unwrap() + 6;
        let (run, after) = run.split_at(end);
        rest = after;
        let inner = run[run.find('>').unwrap() + 1..].strip_suffix("</w:r>").unwrap();
        let (properties, content) =
            inner.find("</w:rPr>").map_or(("", inner), |at| inner.split_at(at + "</w:rPr>".len()));
        let text = content.strip_prefix("<w:t>").and_then(|text| text.strip_suffix("</w:t>"));
        match text.filter(|text| !text.contains('<')) {
            Some(text) => {
                let mut letters: Vec<String> = Vec::new();
                for c in text.chars() {
                    match letters.last_mut() {
                        Some(last) if last.starts_with('&') && !last.ends_with(';') => last.push(c),
                        _ => letters.push(c.to_string()),
                    }
                }
                out.push_str(&make(properties, &letters));
            }
            None => out.push_str(run),
        }
    }
    out + rest
}

fn run(properties: &str, text: &str) -> String {
    format!("<w:r w:rsidR=\"00C0FFEE\">{properties}<w:t xml:space=\"preserve\">{text}</w:t></w:r>")
}

/// Every letter in a run of its own, each with another revision number.
fn by_letter(properties: &str, letters: &[String]) -> String {
    let one = |(at, c): (usize, &String)| {
        format!("<w:r w:rsidRPr=\"00{at:06X}\">{properties}<w:t xml:space=\"preserve\">{c}</w:t></w:r>")
    };
    letters.iter().enumerate().map(one).collect()
}

/// Cut in the middle of everything by proofing marks, bookmarks and page break hints.
fn by_marks(properties: &str, letters: &[String]) -> String {
    const MARKS: [&str; 5] = [
        "<w:proofErr w:type=\"spellStart\"/>",
        "<w:bookmarkStart w:id=\"90\" w:name=\"_GoBack\"/><w:bookmarkEnd w:id=\"90\"/>",
        "<w:proofErr w:type=\"gramEnd\"/>",
        "<w:r><w:lastRenderedPageBreak/></w:r>",
        "<w:commentRangeStart w:id=\"5\"/><w:commentRangeEnd w:id=\"5\"/>",
    ];
    let pairs = letters.chunks(3).zip(MARKS.iter().cycle());
    pairs.map(|(letters, mark)| run(properties, &letters.concat()) + mark).collect()
}

/// Inside insertions, links, smart tags and content controls, one after the other.
fn by_wrappers(properties: &str, letters: &[String]) -> String {
    const WRAPPERS: [(&str, &str); 4] = [
        ("<w:ins w:id=\"7\" w:author=\"某\" w:date=\"2023-01-01T00:00:00Z\">", "</w:ins>"),
        ("<w:hyperlink w:anchor=\"a\">", "</w:hyperlink>"),
        ("<w:smartTag w:uri=\"u\" w:element=\"e\">", "</w:smartTag>"),
        ("<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>", "</w:sdtContent></w:sdt>"),
    ];
    let mut out = String::new();
    for (letters, (open, close)) in letters.chunks(2).zip(WRAPPERS.iter().cycle()) {
        out.push_str(&[open, run(properties, &letters.concat()).as_str(), close].concat());
    }
    out
}

fn filled(bytes: &[u8]) -> Vec<u8> {
    let template = OfficeTemplate::read("样例.docx", bytes).unwrap_or_else(|error| panic!("{error}"));
    template.fill(&values(3), &sections()).unwrap()
}

#[test]
fn however_runs_are_split_the_text_is_the_same() {
    for name in ["样例-述职报告.docx", "样例-考核结果表.docx"] {
        let whole = sample(name);
        let want = filled(&whole);
        let ways: [(&str, Way); 3] = [("letters", by_letter), ("marks", by_marks), ("wrappers", by_wrappers)];
        for (way, mut make) in ways {
            let body = split(&part(&whole, BODY), &mut make);
            let head = split(&part(&whole, HEAD), &mut make);
            let template = changed(&changed(&whole, BODY, &body), HEAD, &head);
            let document = filled(&template);
            for of in [BODY, HEAD] {
                let xml = part(&document, of);
                well_formed(&xml);
                assert_eq!(texts(&xml), texts(&part(&want, of)), "{name} {way} {of}");
                assert!(!xml.contains("{{"), "{name} {way}");
            }
            // Paragraphs without placeholders stay letter by letter.
            let mut untouched = 0;
            let result = part(&document, BODY);
            for paragraph in paragraphs(&body) {
                let plain = texts(paragraph).concat();
                // The branch that is not taken goes as a whole.
                let stays =
                    !plain.contains(['{', '}']) && !plain.is_empty() && !plain.starts_with("没有发现");
                if stays {
                    assert!(result.contains(paragraph), "{name} {way}: {paragraph}");
                    untouched += 1;
                }
            }
            assert!(untouched > 3, "{name} {way} {untouched}");
        }
    }
}

#[test]
fn whatever_way_chance_splits_runs_the_text_is_the_same() {
    for name in ["样例-述职报告.docx", "样例-考核结果表.docx"] {
        let whole = sample(name);
        let want = texts(&part(&filled(&whole), BODY));
        for round in 0..25 {
            let mut dice = Dice(round);
            let mut by_chance = |properties: &str, letters: &[String]| {
                let mut out = String::new();
                let mut rest = letters;
                while !rest.is_empty() {
                    let many = usize::try_from(dice.below(4)).unwrap().clamp(1, rest.len());
                    let (first, more) = rest.split_at(many);
                    out += &match dice.below(4) {
                        0 => by_wrappers(properties, first),
                        1 => by_marks(properties, first),
                        _ => run(properties, &first.concat()),
                    };
                    rest = more;
                }
                out
            };
            let body = split(&part(&whole, BODY), &mut by_chance);
            let xml = part(&filled(&changed(&whole, BODY, &body)), BODY);
            well_formed(&xml);
            assert_eq!(texts(&xml), want, "{name} {round}");
        }
    }
}

#[test]
fn parts_without_placeholders_are_copied_byte_for_byte() {
    for (name, touched) in
        [("样例-述职报告.docx", vec![BODY, HEAD]), ("样例-考核结果表.docx", vec![BODY, HEAD])]
    {
        let template = sample(name);
        let document = filled(&template);
        let (before, after) = (packed(&template), packed(&document));
        assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
        assert!(before.contains_key("word/media/image1.png") && before.contains_key("word/numbering.xml"));
        for (part, bytes) in &before {
            assert_eq!(after[part] == *bytes, !touched.contains(&part.as_str()), "{name} {part}");
        }
        assert_eq!(filled(&template), document, "the same bytes for the same values");
    }
}

#[test]
fn what_stands_around_placeholders_stays() {
    let document = part(&filled(&sample("样例-述职报告.docx")), BODY);
    let template = part(&sample("样例-述职报告.docx"), BODY);
    for kept in ["<w:numPr>", "<w:tblHeader/>", "<w:br w:type=\"page\"/>", "w:headerReference"] {
        assert_eq!(
            document.matches(kept).count(),
            template.matches(kept).count() + usize::from(kept == "<w:tblHeader/>"),
            "{kept}"
        );
    }
    let end = template.find("<w:sectPr>").unwrap();
    assert!(document.ends_with(&template[end..]), "the page stays");
    let rows = document.matches("<w:trPr><w:cantSplit/></w:trPr>").count();
    assert_eq!(rows, 1 + 3 + 1, "scores, three activities, one row of the section's table");
    assert!(
        document.contains("<w:pStyle w:val=\"2\"/></w:pPr><w:r><w:t xml:space=\"preserve\">（一）组织生活")
    );
    assert!(
        document
            .contains("<w:highlight w:val=\"yellow\"/></w:rPr><w:t xml:space=\"preserve\">【待补：书记】")
    );
    let head = part(&filled(&sample("样例-述职报告.docx")), HEAD);
    assert!(head.contains("某某市水务局") && head.contains("r:embed=\"rId1\""));
}
