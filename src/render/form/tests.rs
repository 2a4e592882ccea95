//! Whole templates, built by hand.

use super::*;
use crate::model::FormValue;
use std::io::{Cursor, Read, Write};
use std::sync::Arc;

const TYPES: &str = "<?xml version=\"1.0\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>";
const SPACE: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";

fn docx(body: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, text) in [
        ("[Content_Types].xml", TYPES.to_owned()),
        ("word/document.xml", format!("<w:document {SPACE}><w:body>{body}</w:body></w:document>")),
    ] {
        zip.start_file(name, options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn body_of(bytes: &[u8]) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    zip.by_name("word/document.xml").unwrap().read_to_string(&mut text).unwrap();
    let start = text.find("<w:body>").unwrap() + 8;
    text[start..text.find("</w:body>").unwrap()].replace(" xml:space=\"preserve\"", "")
}

fn text(value: &str) -> FormValue {
    FormValue::Text(value.to_owned())
}

fn record(fields: &[(&str, &str)]) -> FormRecord {
    fields.iter().map(|(name, value)| ((*name).to_owned(), text(value))).collect()
}

fn values() -> FormRecord {
    let mut values = record(&[("单位", "第一支部"), ("得分", "92.5"), ("等次", "优秀"), ("组别", "")]);
    values.insert("书记".into(), FormValue::Missing);
    let rows = vec![
        record(&[("日期", "3月5日"), ("名称", "学党章"), ("主持", "甲")]),
        record(&[("日期", "4月6日"), ("名称", "<走访>"), ("主持", "")]),
    ];
    values.insert("活动".into(), FormValue::List(Arc::new(rows)));
    values.insert("问题".into(), FormValue::List(Arc::default()));
    values
}

fn filled(body: &str) -> String {
    let template = OfficeTemplate::read("样.docx", &docx(body)).unwrap();
    body_of(&template.fill(&values(), &FormSections::new()).unwrap())
}

fn faults(body: &str) -> String {
    OfficeTemplate::read("样.docx", &docx(body)).unwrap_err().to_string()
}

fn p(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

fn row(cells: &[&str]) -> String {
    let cells = cells.iter().map(|cell| format!("<w:tc>{}</w:tc>", p(cell))).collect::<Vec<_>>().concat();
    format!("<w:tr>{cells}</w:tr>")
}

/// Runs joined again, so that only what a reader sees is compared.
fn seen(xml: &str) -> String {
    xml.replace("</w:t></w:r><w:r><w:t>", "")
}

#[test]
fn values_take_the_place_of_their_names() {
    for (body, want) in [
        (p("{{单位}}得{{得分}}分"), p("第一支部得92.5分")),
        (p("｛｛ 单 位　｝｝"), p("第一支部")),
        (
            p("{{书记}}"),
            "<w:p><w:r><w:rPr><w:highlight w:val=\"yellow\"/></w:rPr><w:t>【待补：书记】</w:t></w:r></w:p>"
                .into(),
        ),
        (p("不动"), p("不动")),
        (p("{单位} } {"), p("{单位} } {")),
        (p("{{{单位}}}"), p("{第一支部}")),
    ] {
        assert_eq!(seen(&filled(&body)), want, "{body}");
    }
}

#[test]
fn a_split_placeholder_is_whole_again_and_its_first_run_gives_the_shape() {
    let body = "<w:p w:rsidR=\"00A1\"><w:pPr><w:jc w:val=\"center\"/></w:pPr>\
        <w:r w:rsidRPr=\"1\"><w:rPr><w:b/></w:rPr><w:t>由{</w:t></w:r><w:proofErr w:type=\"spellStart\"/>\
        <w:r w:rsidRPr=\"2\"><w:t>{单</w:t></w:r><w:bookmarkStart w:id=\"0\" w:name=\"a\"/><w:ins w:id=\"1\" w:author=\"x\"><w:r><w:t>位}</w:t></w:r></w:ins>\
        <w:bookmarkEnd w:id=\"0\"/><w:hyperlink w:anchor=\"a\"><w:r><w:t>}</w:t></w:r></w:hyperlink><w:r><w:t>报</w:t></w:r></w:p>";
    assert_eq!(
        filled(body),
        "<w:p w:rsidR=\"00A1\"><w:pPr><w:jc w:val=\"center\"/></w:pPr>\
        <w:r w:rsidRPr=\"1\"><w:rPr><w:b/></w:rPr><w:t>由</w:t></w:r><w:r w:rsidRPr=\"1\"><w:rPr><w:b/></w:rPr><w:t>第一支部</w:t></w:r>\
        <w:proofErr w:type=\"spellStart\"/><w:bookmarkStart w:id=\"0\" w:name=\"a\"/><w:bookmarkEnd w:id=\"0\"/><w:r><w:t>报</w:t></w:r></w:p>"
    );
}

#[test]
fn rows_are_repeated() {
    let table = |rows: &[String]| format!("<w:tbl><w:tblPr/><w:tblGrid/>{}</w:tbl>", rows.concat());
    let head = row(&["序", "日期", "名称"]);
    let own = table(&[head.clone(), row(&["{{序号}}", "{{活动.日期}}", "{{活动．名称}}"])]);
    let want = table(&[head.clone(), row(&["1", "3月5日", "学党章"]), row(&["2", "4月6日", "&lt;走访&gt;"])]);
    assert_eq!(filled(&own), want);
    let tagged = table(&[
        head.clone(),
        row(&["{{每项 活动}}", "", ""]),
        row(&["{{序号}}", "{{日期}}", "{{活动.名称}}"]),
        row(&["", "", "{{完}}"]),
    ]);
    assert_eq!(filled(&tagged), want);
    let across = table(&[head.clone(), row(&["{{每项 活动}}{{序号}}", "{{日期}}", "{{名称}}{{完}}"])]);
    assert_eq!(filled(&across), want);
    let none = table(&[head.clone(), row(&["{{序号}}", "{{问题.问题}}", "{{问题.来源}}"])]);
    assert_eq!(filled(&none).replace("<w:p></w:p>", &p("")), table(&[head.clone(), row(&["无", "", ""])]));
    let gone = table(&[row(&["{{每项 问题}}"]), row(&["{{问题}}"]), row(&["{{完}}"])]);
    assert_eq!(filled(&format!("{gone}{}", p("后"))), p("后"));
}

#[test]
fn paragraphs_are_repeated_and_chosen() {
    let all = |parts: &[&str]| parts.iter().map(|part| p(part)).collect::<String>();
    for (body, want) in [
        (
            all(&["前", "{{每项 活动}}", "{{序号}}.{{名称}}", "{{完}}", "后"]),
            all(&["前", "1.学党章", "2.&lt;走访&gt;", "后"]),
        ),
        (
            all(&[
                "{% for x in 活动 %}",
                "{{x.日期}}{{如有 主持}}（{{x.主持}}）{{否则}}（无人）{{完}}",
                "{% endfor %}",
            ]),
            all(&["3月5日（甲）", "4月6日（无人）"]),
        ),
        (all(&["{{如有 组别}}", "一", "{{否则}}", "二", "{{完}}"]), all(&["二"])),
        (all(&["{{如无 书记}}没有{{完}}书记"]), all(&["没有书记"])),
        (
            all(&["{{如果 得分 >= 90 且 等次 = 优秀}}好{{否则如果 得分 &gt;= 60}}中{{否则}}差{{完}}"]),
            all(&["好"]),
        ),
        (all(&["{{每项 活动}}{{活动.日期}}；{{完}}完"]), all(&["3月5日；4月6日；完"])),
        (
            all(&["{{每项 活动}}", "{{如果 序号 = 1}}", "首", "{{完}}", "{{名称}}", "{{完}}"]),
            all(&["首", "学党章", "&lt;走访&gt;"]),
        ),
        (all(&["{{如有 等次}}甲", "乙{{完}}", "{{完 }}"]).replace(&p("{{完 }}"), ""), all(&["甲", "乙"])),
        (all(&["{{每项 问题}}", "{{问题}}", "{{完}}"]), String::new()),
    ] {
        assert_eq!(seen(&filled(&body)), want, "{body}");
    }
}

#[test]
fn what_must_hold_a_paragraph_keeps_one() {
    let cell = |inner: &str| format!("<w:tbl><w:tr><w:tc>{inner}</w:tc></w:tr></w:tbl>");
    let body = cell(&[p("{{每项 问题}}"), p("{{问题}}"), p("{{完}}")].concat());
    assert_eq!(filled(&body), cell("<w:p></w:p>"));
    let page = "<w:p><w:pPr><w:sectPr/></w:pPr><w:r><w:t>{{完}}</w:t></w:r></w:p>";
    let body = format!("{}{}{page}", p("{{如有 组别}}"), p("甲"));
    assert_eq!(filled(&body), "<w:p><w:pPr><w:sectPr/></w:pPr></w:p>");
}

#[test]
fn a_second_round_has_no_second_bookmark() {
    let body = format!(
        "{}<w:p w14:paraId=\"1\"><w:bookmarkStart w:id=\"1\" w:name=\"a\"/><w:r><w:t>{{{{名称}}}}</w:t></w:r><w:bookmarkEnd w:id=\"1\"/><w:r><w:drawing><wp:docPr id=\"7\" name=\"a\"/></w:drawing></w:r></w:p>{}",
        p("{{每项 活动}}"),
        p("{{完}}")
    );
    assert_eq!(
        filled(&body),
        "<w:p w14:paraId=\"1\"><w:bookmarkStart w:id=\"1\" w:name=\"a\"/><w:r><w:t>学党章</w:t></w:r><w:bookmarkEnd w:id=\"1\"/><w:r><w:drawing><wp:docPr id=\"7\" name=\"a\"/></w:drawing></w:r></w:p>\
         <w:p><w:r><w:t>&lt;走访&gt;</w:t></w:r><w:r><w:drawing><wp:docPr id=\"8\" name=\"a\"/></w:drawing></w:r></w:p>"
    );
}

#[test]
fn blocks_cut_through_what_lies_around_runs() {
    let body = "<w:p><w:ins w:id=\"1\"><w:r><w:t>甲{{如有 组别}}乙</w:t></w:r></w:ins><w:r><w:t>丙{{完}}丁</w:t></w:r></w:p>";
    assert_eq!(
        filled(body),
        "<w:p><w:ins w:id=\"1\"><w:r><w:t>甲</w:t></w:r></w:ins><w:r><w:t>丁</w:t></w:r></w:p>"
    );
    let control = "<w:sdt><w:sdtPr><w:showingPlcHdr/><w:dataBinding w:xpath=\"a\"/><w:text/></w:sdtPr><w:sdtContent><w:r><w:t>{{单位}}</w:t></w:r></w:sdtContent></w:sdt>";
    assert_eq!(
        filled(&format!("<w:p>{control}</w:p>")),
        "<w:p><w:sdt><w:sdtPr><w:text/></w:sdtPr><w:sdtContent><w:r><w:t>第一支部</w:t></w:r></w:sdtContent></w:sdt></w:p>"
    );
}

#[test]
fn everything_that_is_wrong_is_told_with_its_place() {
    let body = [
        p("甲"),
        p("{{单位名}}"),
        p("{{单位"),
        p("{{每项 得分}}{{完}}"),
        p("单位}}"),
        p("{{否则}}"),
        p("{{日期}}"),
        p("{{活动}}"),
        p("{{活动.日期}}"),
        p("{{得分.高}}"),
        p("{{段落：履职}}"),
        p("见{{段落：履职情况}}"),
        p("{{ }}"),
        p("{{得分 | 2}}"),
        p(&format!("{{{{{}}}}}", "长".repeat(200))),
        "<w:tbl>".into(),
        row(&["{{活动.日期}}", "{{问题.问题}}"]),
        row(&["{{如有 得分}}", "甲"]),
        "</w:tbl>".into(),
        p("乙{{完}}"),
        p("{{如有 单位}}"),
    ];
    insta::assert_snapshot!(faults(&body.concat()));
}

#[test]
fn text_boxes_and_their_copies_are_filled_and_listed_once() {
    let inside = |text: &str| format!("<w:txbxContent>{}</w:txbxContent>", p(text));
    let boxed = |text: &str| {
        format!(
            "<w:p><w:r><mc:AlternateContent><mc:Choice><w:drawing>{}</w:drawing></mc:Choice><mc:Fallback><w:pict>{}</w:pict></mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>旁</w:t></w:r></w:p>",
            inside(text),
            inside(text)
        )
    };
    let template = OfficeTemplate::read("样.docx", &docx(&boxed("{{单位}}"))).unwrap();
    assert_eq!(template.placeholders().len(), 1);
    assert_eq!(template.placeholders()[0].place, "正文第1段的文本框");
    assert_eq!(filled(&boxed("{{单位}}")), boxed("第一支部"));
    assert_eq!(filled(&boxed("{{如有 组别}}甲{{完}}乙")), boxed("乙"));
    assert_eq!(faults(&boxed("{{单}}")).matches("不是可用的名称").count(), 1);
}

#[test]
fn controls_and_tables_inside_tables_are_filled() {
    let control = |inner: &str| format!("<w:sdt><w:sdtPr/><w:sdtContent>{inner}</w:sdtContent></w:sdt>");
    let table = |rows: &str| format!("<w:tbl><w:tblPr/>{rows}</w:tbl>");
    let one = row(&["{{活动.名称}}"]);
    let two = row(&["学党章"]) + &row(&["&lt;走访&gt;"]);
    for (body, want) in [
        (control(&p("{{单位}}")), control(&p("第一支部"))),
        (
            control(&p("{{每项 活动}}")) + &p("{{名称}}") + &control(&p("{{完}}")),
            p("学党章") + &p("&lt;走访&gt;"),
        ),
        (table(&control(&one)), table(&control(&two))),
        (
            table(&format!("<w:tr><w:tc>{}{}</w:tc></w:tr>", table(&one), p("后"))),
            table(&format!("<w:tr><w:tc>{}{}</w:tc></w:tr>", table(&two), p("后"))),
        ),
        (
            table(
                &[row(&["{{如有 组别}}"]), row(&["甲"]), row(&["{{否则}}"]), row(&["乙"]), row(&["{{完}}"])]
                    .concat(),
            ),
            table(&row(&["乙"])),
        ),
        (
            p("{{每项 活动}}") + &table(&row(&["{{名称}}", "{{如有 主持}}有{{完}}"])) + &p("{{完}}"),
            (table(&row(&["学党章", "有"])) + &table(&row(&["&lt;走访&gt;", ""])))
                .replace(&p(""), "<w:p></w:p>"),
        ),
    ] {
        assert_eq!(filled(&body), want, "{body}");
    }
}

#[test]
fn odd_files_are_filled_too() {
    // A break in the middle of a name, blanks that Word does not keep, and text that was deleted.
    let body = "<w:p><w:r><w:t>{{单</w:t><w:br/><w:t>位}}</w:t><w:tab/><w:t> 后 </w:t></w:r><w:del><w:r><w:delText>{{没有}}</w:delText></w:r></w:del></w:p>";
    assert_eq!(
        filled(body),
        "<w:p><w:r><w:t>第一支部</w:t></w:r><w:r><w:tab/><w:t> 后 </w:t></w:r><w:del><w:r><w:delText>{{没有}}</w:delText></w:r></w:del></w:p>"
    );
    // Another prefix for Word's own elements.
    let other = docx(&p("{{书记}}{{单位}}"));
    let mut zip = zip::ZipArchive::new(Cursor::new(&other)).unwrap();
    let mut xml = String::new();
    zip.by_name("word/document.xml").unwrap().read_to_string(&mut xml).unwrap();
    let xml = xml.replace("w:", "ns0:").replace("xmlns:ns0:", "xmlns:ns0").replace("xmlns:w=", "xmlns:ns0=");
    let template = {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in [("[Content_Types].xml", TYPES), ("word/document.xml", &xml)] {
            zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        OfficeTemplate::read("样.docx", &zip.finish().unwrap().into_inner()).unwrap()
    };
    let bytes = template.fill(&values(), &FormSections::new()).unwrap();
    let mut filled = String::new();
    zip::ZipArchive::new(Cursor::new(&bytes))
        .unwrap()
        .by_name("word/document.xml")
        .unwrap()
        .read_to_string(&mut filled)
        .unwrap();
    assert!(
        filled.contains("<ns0:highlight ns0:val=\"yellow\"/>") && filled.contains(">第一支部</ns0:t>"),
        "{filled}"
    );
}

#[test]
fn sections_take_the_shape_of_their_paragraph() {
    use crate::model::{Block, Span};
    let slot = "<w:p><w:pPr><w:ind w:firstLine=\"640\"/></w:pPr><w:r><w:rPr><w:sz w:val=\"32\"/></w:rPr><w:t>{{段落：存在问题}}</w:t></w:r></w:p>";
    let blocks = vec![
        Block::Heading { level: 2, text: "（一）学习".into() },
        Block::Paragraph(vec![Span::Text("缺<1>次".into()), Span::Blank("【待补：原因】".into())]),
    ];
    let template = OfficeTemplate::read("样.docx", &docx(slot)).unwrap();
    let sections = FormSections::from([("存在问题".to_owned(), blocks)]);
    let shape =
        |properties: &str, text: &str| format!("<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>");
    let paragraph = |runs: &str| format!("<w:p><w:pPr><w:ind w:firstLine=\"640\"/></w:pPr>{runs}</w:p>");
    let size = "<w:sz w:val=\"32\"/>";
    assert_eq!(
        body_of(&template.fill(&values(), &sections).unwrap()),
        [
            paragraph(&shape(&format!("<w:b/>{size}"), "（一）学习")),
            paragraph(
                &(shape(size, "缺&lt;1&gt;次")
                    + &shape(&format!("{size}<w:highlight w:val=\"yellow\"/>"), "【待补：原因】"))
            ),
        ]
        .concat()
    );
    let blank = body_of(&template.fill(&values(), &FormSections::new()).unwrap());
    assert!(blank.contains("【待补：存在问题】") && blank.contains("highlight"), "{blank}");
}

#[test]
fn tables_in_tables_in_tables_are_filled() {
    let mut body = p("{{单位}}");
    for _ in 0..80 {
        body = format!("<w:tbl><w:tr><w:tc>{body}<w:p/></w:tc></w:tr></w:tbl>");
    }
    assert!(filled(&body).contains("第一支部"));
    let controls = format!(
        "{}{}{}",
        "<w:sdt><w:sdtContent>".repeat(120),
        p("{{单位}}"),
        "</w:sdtContent></w:sdt>".repeat(120)
    );
    assert!(filled(&controls).contains("第一支部"));
}
