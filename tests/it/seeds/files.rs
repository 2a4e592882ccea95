//! Lists that an office brings itself: text, Word and Excel, whole and broken.

use shuzhi::model::DutyList;
use shuzhi::pipeline::own_list::load;
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use std::path::Path;

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new("tests/fixtures/lists").join(name)).unwrap_or_default()
}

/// A list in one text: title, role, categories, items.
fn shown(lists: &[DutyList]) -> String {
    let mut text = String::new();
    for list in lists {
        let _ = writeln!(text, "{} {} 〔{}〕", list.id, list.title, list.role);
        for line in &list.preamble {
            let _ = writeln!(text, "  # {line}");
        }
        for item in &list.items {
            let category = item.category.and_then(|at| list.categories.get(at));
            let category = category.map_or(String::new(), |c| format!("〔{}|{}〕", c.label, c.name));
            let _ = writeln!(text, "  {} @{} {category}{}", item.id, item.line, item.text);
        }
    }
    text
}

fn show(name: &str, bytes: &[u8]) -> String {
    match load(name, bytes) {
        Ok(lists) => shown(&lists),
        Err(error) => error.to_string(),
    }
}

#[test]
fn broken_lists_are_refused_with_place_and_advice() {
    for (name, message) in [
        (
            "err_jump.txt",
            "err_jump.txt：第4行：编号从“2”跳到“4”。请核对是否漏了第3条；没有漏的，请改正编号。",
        ),
        (
            "err_repeat.txt",
            "err_repeat.txt：第4行：编号“2”重复，第3行已经是第2条。请改正编号；如果是上一条的小项，请写成“（1）”的形式。",
        ),
        (
            "err_item_before_title.txt",
            "err_item_before_title.txt：第2行：“1.认真学习贯彻党的创新理论，抓…”前面没有清单标题。请在第一条之前加一行标题，如“党支部书记责任清单”。",
        ),
        (
            "err_empty_item.txt",
            "err_empty_item.txt：第3行：第2条只有编号，没有内容。请补上内容，或删去这个编号。",
        ),
        (
            "err_two_lists.txt",
            "err_two_lists.txt：第4行：“第二党支部书记责任清单”与第1行的“第一党支部书记责任清单”都是“党支部书记”的清单，编号同为 ZB。请删去其中一份，或在标题中写明不同的责任人。",
        ),
        (
            "err_no_items.txt",
            "err_no_items.txt：第1行：“党支部书记责任清单”下面没有一条编号的责任。请在每条前面写上“1.”“2.”这样的编号。",
        ),
        (
            "err_no_list.txt",
            "err_no_list.txt：没有找到责任清单。清单应有一行标题（以“清单”结尾），下面逐条编号，如“1.”“2.”。",
        ),
        (
            "err_first_number.txt",
            "err_first_number.txt：第2行：第一条的编号是“2”。请核对前面是否漏了条目；没有漏的，请从1开始编号。",
        ),
        ("err_encoding.txt", "err_encoding.txt：文字编码认不出来。请用记事本打开，另存为 UTF-8 编码。"),
        ("err_blank.txt", "err_blank.txt：文件没有内容。请核对是否选错了文件。"),
        ("err_pdf.txt", "err_pdf.txt：不支持这种格式。请另存为 .docx、.xlsx 或 .txt。"),
        ("err_package.docx", "err_package.docx：文件已损坏，打不开。请用 WPS 或 Office 打开后重新保存。"),
        (
            "err_old.doc",
            "err_old.doc：是旧版 Word 或 Excel 文件，或者设有密码。请取消密码，另存为 .docx 或 .xlsx。",
        ),
    ] {
        let bytes = fixture(name);
        assert!(!bytes.is_empty(), "{name}");
        assert_eq!(show(name, &bytes), message);
    }
}

#[test]
fn lists_of_other_fields_are_read() {
    insta::assert_snapshot!("school", show("学校党支部.txt", &fixture("学校党支部.txt")));
    insta::assert_snapshot!("safety", show("安全生产.txt", &fixture("安全生产.txt")));
}

#[test]
fn a_text_reads_the_same_in_every_encoding() {
    let bytes = fixture("学校党支部.txt");
    let text = String::from_utf8(bytes.clone()).unwrap();
    let plain = show("学校党支部.txt", &bytes);
    let (gb, _, _) = encoding_rs::GB18030.encode(&text);
    let little: Vec<u8> =
        [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    for bytes in [gb.to_vec(), little, big, text.replace('\n', "\r\n").into_bytes()] {
        assert_eq!(show("学校党支部.txt", &bytes), plain);
    }
}

#[test]
fn an_item_may_run_over_lines_and_hold_lists_of_its_own() {
    let text = "党支部书记责任清单\n\n第一条 认真落实以下制度：\n（1）三会一课；\n（2）组织生活会。\n\n第二条 每月\n开展1次主题党日。\n\n市直机关党支部\n2024年1月\n";
    insta::assert_snapshot!(show("清单.txt", text.as_bytes()), @r"
    ZB 党支部书记责任清单 〔党支部书记〕
      # 市直机关党支部
      # 2024年1月
      ZB-1 @3 认真落实以下制度：（1）三会一课；（2）组织生活会。
      ZB-2 @7 每月开展1次主题党日。
    ");
}

#[test]
fn a_cover_title_goes_before_the_lists_it_covers() {
    let text = "某市2024年党建工作责任清单\n党组书记责任清单\n领导责任\n1.抓好党建。\n用人责任\n2.选好干部。\n党支部书记责任清单\n一、抓好学习\n认真学习党的理论。\n二、抓好组织\n按期召开会议。\n";
    insta::assert_snapshot!(show("清单.txt", text.as_bytes()), @r"
    DZ 党组书记责任清单 〔党组书记〕
      # 某市2024年党建工作责任清单
      DZ-1 @4 〔|领导责任〕抓好党建。
      DZ-2 @6 〔|用人责任〕选好干部。
    ZB 党支部书记责任清单 〔党支部书记〕
      ZB-1 @8 抓好学习认真学习党的理论。
      ZB-2 @10 抓好组织按期召开会议。
    ");
}

#[test]
fn titles_come_in_many_dresses() {
    for (above, title, id) in [
        ("", "《党支部书记责任清单》（试行）", "ZB"),
        ("", "附件3：党支部书记责任清单", "ZB"),
        ("附件2\n", "局机关党支部书记抓党建工作责任清单（2024年版）", "ZB"),
        ("", "二、机关党委书记责任清单", "JW"),
        ("", "（三）党组成员“一岗双责”责任清单", "CY"),
        ("某局党组文件\n\n", "党组书记岗位职责", "DZ"),
        ("", "党支部纪检委员工作职责", "清单"),
        ("", "党支部副书记责任清单", "清单"),
    ] {
        let lists = load("清单.txt", format!("{above}{title}\n1、甲。\n").as_bytes()).unwrap_or_default();
        let found: Vec<_> = lists.iter().map(|l| (l.id.as_str(), l.title.as_str(), l.items.len())).collect();
        assert_eq!(found, [(id, title, 1)]);
    }
    let lists = load("清单.txt", "某局\n\n党支部书记\n责任清单\n1、甲。\n".as_bytes()).unwrap();
    assert_eq!((lists[0].id.as_str(), lists[0].title.as_str()), ("ZB", "党支部书记责任清单"));
    let lists = load("清单.txt", "党支部书记责任清单\n1、建立健全并落实各项\n责任清单\n2、乙。\n".as_bytes())
        .unwrap();
    assert_eq!(lists[0].items[0].text, "建立健全并落实各项责任清单");
}

fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (path, text) in parts {
        let _ = zip.start_file(*path, zip::write::SimpleFileOptions::default());
        let _ = zip.write_all(text.as_bytes());
    }
    zip.finish().map(Cursor::into_inner).unwrap_or_default()
}

const NUMBERING: &str = r#"<w:numbering xmlns:w="w"><w:abstractNum w:abstractNumId="4"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="%1、"/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl></w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="4"/></w:num></w:numbering>"#;
const STYLES: &str = r#"<w:styles xmlns:w="w"><w:style w:styleId="Duty"><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="7"/></w:numPr></w:pPr></w:style><w:style w:styleId="DutyBold"><w:basedOn w:val="Duty"/></w:style></w:styles>"#;

fn docx(body: &str) -> Vec<u8> {
    let document = format!(
        r#"<?xml version="1.0"?><w:document xmlns:w="w" xmlns:mc="mc"><w:body>{body}</w:body></w:document>"#
    );
    package(&[
        ("word/document.xml", &document),
        ("word/numbering.xml", NUMBERING),
        ("word/styles.xml", STYLES),
    ])
}

fn p(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

fn numbered(level: u32, text: &str) -> String {
    format!(
        r#"<w:p><w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="7"/></w:numPr></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"#
    )
}

#[test]
fn numbers_that_word_counts_are_read() {
    let styled = r#"<w:p><w:pPr><w:pStyle w:val="DutyBold"/></w:pPr><w:r><w:t>做好党费收缴&amp;使用。</w:t></w:r></w:p>"#;
    let changed = "<w:p><w:del><w:r><w:t>旧标题</w:t></w:r></w:del><w:r><w:t>党支部书记</w:t></w:r><w:r><w:t>责任清单</w:t></w:r></w:p>";
    let body = [
        changed.to_owned(),
        numbered(0, "领导责任"),
        numbered(1, "认真学习。"),
        numbered(1, "抓好组织生活。"),
        numbered(0, "管理责任"),
        styled.to_owned(),
    ];
    insta::assert_snapshot!(show("清单.docx", &docx(&body.concat())), @r"
    ZB 党支部书记责任清单 〔党支部书记〕
      ZB-1.1 @3 〔一|领导责任〕认真学习。
      ZB-1.2 @4 〔一|领导责任〕抓好组织生活。
      ZB-2.1 @6 〔二|管理责任〕做好党费收缴&使用。
    ");
}

fn table(rows: &[&[&str]]) -> String {
    let cell = |text: &&str| format!("<w:tc><w:tcPr/>{}</w:tc>", text.split('\n').map(p).collect::<String>());
    let row = |cells: &&[&str]| format!("<w:tr>{}</w:tr>", cells.iter().map(cell).collect::<String>());
    format!("<w:tbl>{}</w:tbl>", rows.iter().map(row).collect::<String>())
}

#[test]
fn tables_in_a_document_are_read_with_and_without_header() {
    let with = [
        p("附件2"),
        p("机关党委书记责任清单"),
        table(&[
            &["序号", "责任类别", "责任内容"],
            &["1", "协助责任", "及时传达\n上级决定。"],
            &["2", "", "做好服务。"],
        ]),
        p("安全责任清单"),
        table(&[&["一、", "领导责任", ""], &["1", "抓好安全。", "张三"], &["2", "排查隐患。", ""]]),
    ];
    insta::assert_snapshot!(show("各类.docx", &docx(&with.concat())), @r"
    JW 机关党委书记责任清单 〔机关党委书记〕
      # 附件2
      JW-1 @2 〔|协助责任〕及时传达上级决定。
      JW-2 @3 〔|协助责任〕做好服务。
    各类 安全责任清单 〔安全〕
      各类-1 @2 〔一|领导责任〕抓好安全。张三
      各类-2 @3 〔一|领导责任〕排查隐患。
    ");
}

fn xlsx(sheets: &[(&str, &[&[&str]])]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet();
        let _ = sheet.set_name(*name);
        for (row, cells) in (0..).zip(*rows) {
            for (col, text) in (0..).zip(*cells) {
                let _ = match text.parse::<f64>() {
                    Ok(number) => sheet.write_number(row, col, number).map(|_| ()),
                    Err(_) if text.is_empty() => Ok(()),
                    Err(_) => sheet.write_string(row, col, *text).map(|_| ()),
                };
            }
        }
    }
    book.save_to_buffer().unwrap_or_default()
}

#[test]
fn workbooks_are_read_sheet_by_sheet() {
    let first: &[&[&str]] = &[
        &["党支部书记责任清单"],
        &["2024年度"],
        &[],
        &["内容", "分值", "类别", "编号"],
        &["认真学习。", "10", "一、学习责任", "1"],
        &["抓好\n组织生活。", "20", "", "2"],
        &["会议记录存档。", "", "", ""],
        &["做好党费收缴。", "30", "二、管理责任", "3"],
        &["注：分值由机关党委确定"],
    ];
    let second: &[&[&str]] =
        &[&["序号", "工作内容"], &["领导责任"], &["1", "抓好安全。"], &["2", "2.排查隐患。"]];
    let third: &[&[&str]] =
        &[&["类别", "工作任务"], &["学习", "1.认真学习。\n2.交流心得。"], &["组织", "3.按期开会。"]];
    insta::assert_snapshot!(show("清单.xlsx", &xlsx(&[("支部", first), ("安全生产责任清单", second), ("Sheet3", third)])), @r"
    ZB 党支部书记责任清单 〔党支部书记〕
      # 2024年度
      # 注：分值由机关党委确定
      ZB-1 @5 〔一|学习责任〕认真学习。
      ZB-2 @6 〔一|学习责任〕抓好组织生活。会议记录存档。
      ZB-3 @8 〔二|管理责任〕做好党费收缴。
    清单 安全生产责任清单 〔安全生产〕
      清单-1 @3 〔|领导责任〕抓好安全。
      清单-2 @4 〔|领导责任〕排查隐患。
    清单第2份 清单 〔清单〕
      清单第2份-1 @2 〔|学习〕认真学习。
      清单第2份-2 @2 〔|学习〕交流心得。
      清单第2份-3 @3 〔|组织〕按期开会。
    ");
}

#[test]
fn what_stands_in_columns_of_its_own_goes_on_with_the_text() {
    let rows: &[&[&str]] = &[
        &["序号", "项目", "工作内容", "频次", "责任人", "完成时限"],
        &["1", "学习", "召开支委会", "每月1次", "张三", ""],
        &["2", "", "组织述职评议。", "", "李四", "12月底前"],
    ];
    insta::assert_snapshot!(show("清单.xlsx", &xlsx(&[("党支部书记责任清单", rows)])), @r"
    ZB 党支部书记责任清单 〔党支部书记〕
      ZB-1 @2 〔|学习〕召开支委会，每月1次
      ZB-2 @3 〔|学习〕组织述职评议。12月底前
    ");
}

#[test]
fn broken_workbooks_and_documents_name_the_cell() {
    let rows: &[&[&str]] = &[&["党支部书记责任清单"], &["序号", "内容"], &["1", "学习。"], &["甲", "开会。"]];
    let empty: &[&[&str]] =
        &[&["党支部书记责任清单"], &["序号", "内容"], &["1", "学习。"], &["2", ""], &["3", "开会。"]];
    let note: &[&[&str]] = &[&["请各支部按时填写"]];
    let good: &[&[&str]] = &[&["序号", "内容"], &["1", "学习。"]];
    for (bytes, message) in [
        (xlsx(&[("支部", rows)]), "清单.xlsx：〔支部〕A4：序号“甲”不是数字。请改为1、2、3这样的序号。"),
        (
            xlsx(&[("支部", empty)]),
            "清单.xlsx：〔支部〕B4：第2条只有编号，没有内容。请补上内容，或删去这个编号。",
        ),
        (
            xlsx(&[("支部", good), ("说明", note)]),
            "清单.xlsx：〔说明〕：没有找到责任清单。清单应有一行标题（以“清单”结尾），下面逐条编号，如“1.”“2.”。如果这张工作表不是清单，请删去或隐藏。",
        ),
        (
            docx(&(p("党支部书记责任清单") + &p("1.学习。") + &p("3.开会。"))),
            "清单.xlsx：第3段：编号从“1”跳到“3”。请核对是否漏了第2条；没有漏的，请改正编号。",
        ),
        (
            package(&[("a.txt", "x")]),
            "清单.xlsx：不是 Word 文档或 Excel 工作簿。请另存为 .docx、.xlsx 或 .txt。",
        ),
        (
            package(&[("word/document.xml", "<w:p><")]),
            "清单.xlsx：文件已损坏，打不开。请用 WPS 或 Office 打开后重新保存。",
        ),
    ] {
        assert_eq!(show("清单.xlsx", &bytes), message);
    }
}

fn nonblank(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

proptest::proptest! {
    #[test]
    fn no_text_is_lost_or_brings_the_reader_down(
        lines in proptest::collection::vec("(党组书记责任清单|一、领导|（一）|[1-4][.、] ?[甲乙。；]{0,6}|（1）甲|附件1|[甲乙。，：0-9 ]{0,8})", 0..12)
    ) {
        let text = lines.join("\n");
        if let Ok(lists) = load("清单.txt", text.as_bytes()) {
            let mut kept: Vec<char> = Vec::new();
            for list in &lists {
                kept.extend(list.title.chars().chain(list.preamble.concat().chars()));
                kept.extend(list.categories.iter().flat_map(|c| c.label.chars().chain(c.name.chars())));
                kept.extend(list.items.iter().flat_map(|i| i.text.chars()));
            }
            for word in ['甲', '乙', '单', '领'] {
                let count = |text: &str| text.chars().filter(|c| *c == word).count();
                proptest::prop_assert_eq!(count(&kept.iter().collect::<String>()), count(&nonblank(&text)), "{}", text);
            }
        }
    }

    #[test]
    fn changed_bytes_are_refused_or_read_but_never_bring_the_reader_down(
        changes in proptest::collection::vec((0usize..4000, 0u8..=255), 1..12), word in proptest::bool::ANY
    ) {
        let rows: &[&[&str]] = &[&["党支部书记责任清单"], &["序号", "内容"], &["1", "学习。"]];
        let mut bytes = if word {
            docx(&(p("党支部书记责任清单") + &numbered(1, "学习。") + &table(&[&["序号", "内容"], &["2", "开会。"]])))
        } else {
            xlsx(&[("支部", rows)])
        };
        for (at, value) in changes {
            let length = bytes.len();
            if let Some(byte) = bytes.get_mut(at % length) {
                *byte = value;
            }
        }
        let _ = load("清单.docx", &bytes);
    }
}
