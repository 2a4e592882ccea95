//! Hostile files, made in code: small for the tests, in full for the nightly measurement
//! (`examples/hostile.rs` takes this file in as well).

use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// How large the files are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Size {
    /// A hundredth or less: beyond what is read in place, but quick to make and to read.
    Small,
    /// As large as an attacker would make them.
    Full,
}

impl Size {
    /// One of two numbers.
    fn of(self, small: usize, full: usize) -> usize {
        if self == Self::Small { small } else { full }
    }
}

/// What must become of a file; the good ledger beside it is read in any case.
#[derive(Debug, Clone, Copy)]
pub(crate) enum End {
    /// It is read, with this many activities at least.
    Read(usize),
    /// It is refused with a message that holds one of these.
    Refused(&'static [&'static str]),
    /// It is read or refused, as its size has it.
    Either,
}

/// A hostile file.
pub(crate) struct Hostile {
    /// What is hostile about it, for the report.
    pub what: &'static str,
    /// Its name.
    pub file: &'static str,
    /// Its bytes.
    pub make: fn(Size) -> Vec<u8>,
    /// What must become of it.
    pub end: End,
}

const HEAD: &str = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>时间</t></is></c><c r="B1" t="inlineStr"><is><t>类型</t></is></c><c r="C1" t="inlineStr"><is><t>主题</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>2023-03-05</t></is></c><c r="B2" t="inlineStr"><is><t>支委会</t></is></c><c r="C2" t="inlineStr"><is><t>研究年度计划</t></is></c></row>"#;
const TYPES: &str = r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#;
const BOOK: &str = r#"<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="台账" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const KIND: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

fn relations() -> String {
    let one = |id: u8, kind: &str, target: &str| {
        format!(r#"<Relationship Id="rId{id}" Type="{KIND}/{kind}" Target="{target}"/>"#)
    };
    let all = [
        one(1, "worksheet", "worksheets/sheet1.xml"),
        one(2, "sharedStrings", "sharedStrings.xml"),
        one(3, "styles", "styles.xml"),
    ];
    format!("<Relationships>{}</Relationships>", all.concat())
}

/// A package of these parts, deflated.
pub(crate) fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A workbook of these parts; an empty one is left out or is the usual one.
fn xlsx(sheet: &str, texts: &str, styles: &str) -> Vec<u8> {
    xlsx_with(sheet, texts, styles, &[])
}

fn xlsx_with(sheet: &str, texts: &str, styles: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
    let relations = relations();
    let mut parts: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("xl/workbook.xml", BOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ];
    if !texts.is_empty() {
        parts.push(("xl/sharedStrings.xml", texts.as_bytes()));
    }
    if !styles.is_empty() {
        parts.push(("xl/styles.xml", styles.as_bytes()));
    }
    parts.retain(|part| more.iter().all(|own| own.0 != part.0));
    parts.extend(more);
    zipped(&parts)
}

/// A sheet with one activity and these rows and this tail after it.
fn sheet(rows: &str, tail: &str) -> String {
    format!("<worksheet><sheetData>{HEAD}{rows}</sheetData>{tail}</worksheet>")
}

fn each(from: usize, to: usize, one: impl Fn(usize) -> String) -> String {
    let mut all = String::new();
    for number in from..to {
        all.push_str(&one(number));
    }
    all
}

fn nested(tag: &str, depth: usize, inside: &str) -> String {
    format!("{}{inside}{}", format!("<{tag}>").repeat(depth), format!("</{tag}>").repeat(depth))
}

const LAUGHS: &str = r#"<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol1 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;"><!ENTITY lol2 "&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;"><!ENTITY lol3 "&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;"><!ENTITY lol4 "&lol3;&lol3;&lol3;&lol3;&lol3;&lol3;&lol3;&lol3;&lol3;&lol3;"><!ENTITY lol5 "&lol4;&lol4;&lol4;&lol4;&lol4;&lol4;&lol4;&lol4;&lol4;&lol4;"><!ENTITY ext SYSTEM "file:///etc/passwd"><!ENTITY % par SYSTEM "http://127.0.0.1:9/x.dtd">]>"#;

/// All of them.
pub(crate) const ALL: &[Hostile] = &[
    Hostile {
        what: "工作表解压后500 MB（压缩炸弹）",
        file: "炸弹.xlsx",
        make: bomb,
        end: End::Refused(&["解压后过大"]),
    },
    Hostile {
        what: "工作表解压后380 MB的空行", file: "炸弹以内.xlsx", make: bomb_within, end: End::Read(1)
    },
    Hostile {
        what: "登记1 KB、解压300 MB的部分",
        file: "谎报大小.xlsx",
        make: lying_size,
        end: End::Refused(&["解不开", "比登记的大"]),
    },
    Hostile {
        what: "五万个部分", file: "五万部分.xlsx", make: many_parts, end: End::Refused(&["太多部分"])
    },
    Hostile {
        what: "一千张表都指向一个300 MB的部分",
        file: "同一部分.xlsx",
        make: one_part,
        end: End::Refused(&["解压后过大", "超过"]),
    },
    Hostile {
        what: "十万个关系指向一个大部分", file: "同一关系.xlsx", make: one_relation, end: End::Either
    },
    Hostile {
        what: "登记范围 A1:XFD1048576", file: "谎报范围.xlsx", make: dimension, end: End::Read(1)
    },
    Hostile { what: "合并整张表", file: "合并全表.xlsx", make: merge_all, end: End::Read(1) },
    Hostile {
        what: "九十万个互相重叠的合并区域", file: "合并重叠.xlsx", make: merges, end: End::Either
    },
    Hostile {
        what: "一百万个以上合并区域",
        file: "合并太多.xlsx",
        make: too_many_merges,
        end: End::Refused(&["合并单元格太多"]),
    },
    Hostile { what: "XFD1048576 有一格", file: "天涯.xlsx", make: far, end: End::Read(1) },
    Hostile { what: "一百万行只有格式", file: "空行.xlsx", make: styled_rows, end: End::Read(1) },
    Hostile { what: "一百万行一列空格", file: "空列.xlsx", make: blank_column, end: End::Either },
    Hostile {
        what: "六百万个有内容的单元格",
        file: "格子太多.xlsx",
        make: too_many_cells,
        end: End::Refused(&["单元格太多"]),
    },
    Hostile {
        what: "四百九十万个有内容的单元格（限度以内）",
        file: "格子很多.xlsx",
        make: many_cells,
        end: End::Either,
    },
    Hostile { what: "一百万行活动", file: "百万行.xlsx", make: many_rows, end: End::Either },
    Hostile { what: "倒着写的一百万格", file: "倒序.xlsx", make: backwards, end: End::Either },
    Hostile {
        what: "sharedStrings 登记四十亿条",
        file: "谎报文字.xlsx",
        make: lying_texts,
        end: End::Read(1),
    },
    Hostile {
        what: "一条100 MB的共享文字",
        file: "长文字.xlsx",
        make: long_text,
        end: End::Refused(&["太长", "太多"]),
    },
    Hostile {
        what: "一条由数百万截组成的共享文字", file: "碎文字.xlsx", make: many_runs, end: End::Either
    },
    Hostile {
        what: "十万格共用一条30 KB的文字（3 GB）",
        file: "共用文字.xlsx",
        make: amplified,
        end: End::Refused(&["文字太多"]),
    },
    Hostile {
        what: "四百万条空的共享文字",
        file: "空文字.xlsx",
        make: empty_texts,
        end: End::Refused(&["文字太多"]),
    },
    Hostile {
        what: "每个部分都有层层展开的实体和外部实体",
        file: "实体.xlsx",
        make: entities,
        end: End::Read(1),
    },
    Hostile { what: "工作表里套十万层", file: "深表.xlsx", make: deep_sheet, end: End::Read(1) },
    Hostile {
        what: "共享文字里套十万层", file: "深文字.xlsx", make: deep_texts, end: End::Read(1)
    },
    Hostile { what: "样式里套十万层", file: "深样式.xlsx", make: deep_styles, end: End::Read(1) },
    Hostile {
        what: "五百万个样式，互相引用", file: "样式.xlsx", make: many_styles, end: End::Read(1)
    },
    Hostile { what: "7 MB 的数字格式", file: "数字格式.xlsx", make: long_format, end: End::Read(1) },
    Hostile {
        what: "五十万个没有结果的共享公式", file: "公式.xlsx", make: formulas, end: End::Read(1)
    },
    Hostile {
        what: "外部链接、DDE 和公式写法的文字", file: "外链.xlsx", make: links, end: End::Read(1)
    },
    Hostile { what: "一百万个隐藏行", file: "隐藏.xlsx", make: hidden, end: End::Either },
    Hostile {
        what: "一万六千列都有内容",
        file: "太宽.xlsx",
        make: too_wide,
        end: End::Refused(&["第3行有内容的单元格多于2000个"]),
    },
    Hostile { what: "一千九百列的表头", file: "宽表.xlsx", make: wide, end: End::Either },
    Hostile {
        what: "重复十亿行十亿列的 ods", file: "重复.ods", make: ods_repeat, end: End::Either
    },
    Hostile { what: "套十万层的 ods", file: "深.ods", make: ods_deep, end: End::Read(1) },
    Hostile { what: "380 MB 的 ods", file: "大.ods", make: ods_large, end: End::Either },
    Hostile { what: "xls：扇区链成环", file: "环.xls", make: xls_ring, end: End::Either },
    Hostile {
        what: "xls：共享文字登记四十亿条", file: "谎报.xls", make: xls_texts, end: End::Either
    },
    Hostile {
        what: "xls：一千张表指向同一处", file: "同处.xls", make: xls_overlap, end: End::Either
    },
    Hostile { what: "xls：90 MB 的记录", file: "大.xls", make: xls_large, end: End::Either },
    Hostile {
        what: "xlsb：长度虚报的记录",
        file: "虚报.xlsb",
        make: xlsb_lying,
        end: End::Refused(&["不完整"]),
    },
    Hostile {
        what: "一行 90 MB 的 csv",
        file: "一行.csv",
        make: csv_line,
        end: End::Refused(&["单元格A1的内容太长", "内存"]),
    },
    Hostile { what: "一百万列的 csv", file: "百万列.csv", make: csv_columns, end: End::Either },
    Hostile { what: "满是 NUL 的 csv", file: "零.csv", make: csv_zeros, end: End::Either },
    Hostile {
        what: "三百万行的 csv",
        file: "三百万行.csv",
        make: csv_rows,
        end: End::Refused(&["行数太多", "单元格太多", "内存"]),
    },
    Hostile {
        what: "引号不闭合的 90 MB csv",
        file: "引号.csv",
        make: csv_quote,
        end: End::Refused(&["A4", "C4", "C3", "太长"]),
    },
    Hostile { what: "两千万个空行的 csv", file: "空行.csv", make: csv_blank, end: End::Either },
    Hostile {
        what: "两格一行、两百万格的 csv", file: "两格.csv", make: csv_pairs, end: End::Either
    },
    Hostile {
        what: "按空格对齐、一行九十万段的文本", file: "对齐.txt", make: aligned, end: End::Either
    },
    Hostile { what: "90 MB 的叙述", file: "叙述.txt", make: prose, end: End::Either },
    Hostile {
        what: "网页：rowspan、colspan 十亿", file: "跨行.xls", make: html_span, end: End::Read(1)
    },
    Hostile {
        what: "网页：整行跨行，下面几百万个空格",
        file: "跨行多.html",
        make: html_covered,
        end: End::Either,
    },
    Hostile { what: "网页：表套十万层", file: "深.html", make: html_deep, end: End::Read(1) },
    Hostile {
        what: "单个文件网页：部分套一万层", file: "深.mht", make: mht_deep, end: End::Either
    },
    Hostile {
        what: "单个文件网页：一千页乘几十万个工作表名",
        file: "多页.mht",
        make: mht_pages,
        end: End::Either,
    },
    Hostile {
        what: "2003 版 XML：套十万层", file: "深.xml", make: spreadsheet_deep, end: End::Read(1)
    },
    Hostile {
        what: "2003 版 XML：跨行跨列四十亿，行号四十亿",
        file: "跨.xml",
        make: spreadsheet_span,
        end: End::Read(1),
    },
    Hostile { what: "压缩包套五层", file: "五层.zip", make: zip_nested, end: End::Either },
    Hostile {
        what: "六万个文件的压缩包",
        file: "六万.zip",
        make: zip_many,
        end: End::Refused(&["多于50000个"]),
    },
    Hostile {
        what: "压缩包里的炸弹（90 MB 压成 90 KB）",
        file: "炸弹.zip",
        make: zip_bomb,
        end: End::Either,
    },
    Hostile {
        what: "压缩包里的 ../、C:\\、NUL 和三千字的名称",
        file: "路径.zip",
        make: zip_paths,
        end: End::Either,
    },
    Hostile {
        what: "填报单位写成 ../../etc/x", file: "越界.csv", make: unit_path, end: End::Read(1)
    },
    Hostile { what: "填报单位写成 CON", file: "保留.csv", make: unit_reserved, end: End::Read(1) },
    Hostile {
        what: "填报单位和单元格写成公式、DDE",
        file: "注入.csv",
        make: unit_formula,
        end: End::Read(1),
    },
];

fn bomb(size: Size) -> Vec<u8> {
    // The sizes that a package declares are added up: small parts with large words do as well.
    let blank = " ".repeat(size.of(1 << 20, 500 << 20));
    let bytes = xlsx(&sheet("", &blank), "", "");
    if size == Size::Full { bytes } else { declared(bytes, 1 << 20, 500 << 20) }
}

/// The package with the size of a part declared as another one, in the directory alone.
fn declared(mut bytes: Vec<u8>, at_least: usize, size: u32) -> Vec<u8> {
    let marks: Vec<usize> =
        bytes.windows(4).enumerate().filter(|(_, w)| *w == b"PK\x01\x02").map(|(at, _)| at).collect();
    for at in marks {
        let field = at + 24..at + 28;
        let old = u32::from_le_bytes(bytes[field.clone()].try_into().unwrap());
        if old as usize >= at_least {
            bytes[field].copy_from_slice(&size.to_le_bytes());
        }
    }
    bytes
}

fn bomb_within(size: Size) -> Vec<u8> {
    let rows = "<row><c s=\"1\"/></row>".repeat(size.of(17 << 20, 380 << 20) / 21);
    xlsx(&sheet(&rows, ""), "", "")
}

fn lying_size(size: Size) -> Vec<u8> {
    let blank = " ".repeat(size.of(2 << 20, 300 << 20));
    let mut bytes = declared(xlsx(&sheet("", &blank), "", ""), 1 << 20, 1024);
    // The head of the part says the same.
    let marks: Vec<usize> =
        bytes.windows(4).enumerate().filter(|(_, w)| *w == b"PK\x03\x04").map(|(at, _)| at).collect();
    for at in marks {
        let field = at + 22..at + 26;
        if u32::from_le_bytes(bytes[field.clone()].try_into().unwrap()) >= 1 << 20 {
            bytes[field].copy_from_slice(&1024_u32.to_le_bytes());
        }
    }
    bytes
}

fn many_parts(size: Size) -> Vec<u8> {
    let names: Vec<String> = (0..size.of(10_001, 50_000)).map(|n| format!("xl/x{n}")).collect();
    let more: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    xlsx_with(&sheet("", ""), "", "", &more)
}

fn one_part(size: Size) -> Vec<u8> {
    let sheets = each(0, 999, |n| format!(r#"<sheet name="s{n}" sheetId="{n}" r:id="rId1"/>"#));
    let book = format!("<workbook><sheets>{sheets}</sheets></workbook>");
    let tail = "<x/>".repeat(size.of(1 << 20, 300 << 20) / 4);
    xlsx_with(&sheet("", &tail), "", "", &[("xl/workbook.xml", book.as_bytes())])
}

fn one_relation(size: Size) -> Vec<u8> {
    let count = size.of(2_000, 100_000);
    let one = |n| format!(r#"<Relationship Id="t{n}" Type="{KIND}/table" Target="../tables/table1.xml"/>"#);
    let relations = format!("<Relationships>{}</Relationships>", each(0, count, one));
    let table = format!("<table>{}</table>", " ".repeat(size.of(1 << 20, 100 << 20)));
    let rows = r#"<row r="3" hidden="1"><c r="A3"><v>1</v></c></row>"#;
    xlsx_with(
        &sheet(rows, ""),
        "",
        "",
        &[
            ("xl/worksheets/_rels/sheet1.xml.rels", relations.as_bytes()),
            ("xl/tables/table1.xml", table.as_bytes()),
        ],
    )
}

fn dimension(_: Size) -> Vec<u8> {
    xlsx(&sheet("", "").replace("<sheetData>", r#"<dimension ref="A1:XFD1048576"/><sheetData>"#), "", "")
}

fn merge_all(_: Size) -> Vec<u8> {
    let merges = r#"<mergeCells count="4294967295"><mergeCell ref="A3:XFD1048576"/><mergeCell ref="D1:XFD2"/></mergeCells>"#;
    xlsx(&sheet("", merges), "", "")
}

fn merges(size: Size) -> Vec<u8> {
    let one = |n: usize| format!(r#"<mergeCell ref="A{}:XFD{}"/>"#, n + 3, 1_048_576 - n % 500);
    let all = each(0, size.of(5_000, 900_000), one);
    let rows = each(3, size.of(300, 3_000), |n| format!(r#"<row r="{n}"><c r="B{n}"><v>{n}</v></c></row>"#));
    xlsx(&sheet(&rows, &format!("<mergeCells>{all}</mergeCells>")), "", "")
}

fn too_many_merges(_: Size) -> Vec<u8> {
    let all = r#"<mergeCell ref="A9:B9"/>"#.repeat(1_000_001);
    xlsx(&sheet("", &format!("<mergeCells>{all}</mergeCells>")), "", "")
}

fn far(_: Size) -> Vec<u8> {
    xlsx(&sheet(r#"<row r="1048576"><c r="XFD1048576"><v>7</v></c></row>"#, ""), "", "")
}

fn styled_rows(size: Size) -> Vec<u8> {
    let one =
        |n| format!(r#"<row r="{n}" s="1" customFormat="1"><c r="A{n}" s="1"/><c r="XFD{n}" s="2"/></row>"#);
    xlsx(&sheet(&each(3, size.of(20_000, 1_048_577), one), ""), "", "")
}

fn blank_column(size: Size) -> Vec<u8> {
    let one = |n| {
        format!(r#"<row r="{n}"><c r="D{n}" t="inlineStr"><is><t xml:space="preserve">  </t></is></c></row>"#)
    };
    xlsx(&sheet(&each(3, size.of(20_000, 1_048_577), one), ""), "", "")
}

fn too_many_cells(_: Size) -> Vec<u8> {
    xlsx(&sheet(&format!("<row r=\"3\">{}</row>", "<c><v>1</v></c>".repeat(16_000)).repeat(375), ""), "", "")
}

fn many_cells(size: Size) -> Vec<u8> {
    let row = |n| format!("<row r=\"{n}\">{}</row>", "<c><v>1</v></c>".repeat(100));
    xlsx(&sheet(&each(3, size.of(3_010, 49_000), row), ""), "", "")
}

fn many_rows(size: Size) -> Vec<u8> {
    let one = |n| {
        format!(
            r#"<row r="{n}"><c t="inlineStr"><is><t>2023-{:02}-{:02}</t></is></c><c t="s"><v>0</v></c><c t="inlineStr"><is><t>第{n}次会议，研究工作</t></is></c></row>"#,
            n % 12 + 1,
            n % 28 + 1
        )
    };
    let rows = each(3, size.of(3_000, 1_000_000), one);
    xlsx(&sheet(&rows, ""), "<sst><si><t>支委会</t></si></sst>", "")
}

fn backwards(size: Size) -> Vec<u8> {
    let count = size.of(20_000, 1_000_000);
    let one = |n| format!(r#"<row r="{0}"><c r="A{0}"><v>1</v></c></row>"#, count + 2 - n);
    xlsx(&sheet(&each(0, count, one), ""), "", "")
}

fn lying_texts(_: Size) -> Vec<u8> {
    let texts = r#"<sst count="4294967295" uniqueCount="4294967295"><si><t>甲</t></si></sst>"#;
    xlsx(&sheet(r#"<row r="3"><c r="A3" t="s"><v>4294967294</v></c></row>"#, ""), texts, "")
}

fn long_text(size: Size) -> Vec<u8> {
    let texts = format!("<sst><si><t>{}</t></si></sst>", "长".repeat(size.of(9 << 20, 100 << 20) / 3));
    xlsx(&sheet(r#"<row r="3"><c r="A3" t="s"><v>0</v></c></row>"#, ""), &texts, "")
}

fn many_runs(size: Size) -> Vec<u8> {
    let runs = "<r><rPr><b/></rPr><t>截</t></r>".repeat(size.of(100_000, 9_000_000));
    xlsx(
        &sheet(r#"<row r="3"><c r="A3" t="s"><v>0</v></c></row>"#, ""),
        &format!("<sst><si>{runs}</si></sst>"),
        "",
    )
}

fn amplified(size: Size) -> Vec<u8> {
    let texts = format!("<sst><si><t>{}</t></si></sst>", "文".repeat(size.of(20_000, 10_000)));
    let row = "<row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>0</v></c></row>";
    xlsx(&sheet(&row.repeat(size.of(2_000, 50_000)), ""), &texts, "")
}

fn empty_texts(size: Size) -> Vec<u8> {
    let texts = "<si/>".repeat(size.of(3_000_001, 4_000_000));
    xlsx(&sheet("", ""), &format!("<sst>{texts}</sst>"), "")
}

fn entities(_: Size) -> Vec<u8> {
    let part = |text: &str| format!("{LAUGHS}{}", text.replacen('>', ">&lol5;&ext;", 1));
    let evil = |n: usize| {
        format!(r#"<row r="{n}"><c r="C{n}" t="inlineStr"><is><t>&lol5;&ext;&par;</t></is></c></row>"#)
    };
    xlsx_with(
        &part(&sheet(&evil(4), "")),
        &part("<sst><si><t>&lol5;&ext;</t></si></sst>"),
        &part("<styleSheet><cellXfs><xf numFmtId=\"&lol5;\"/></cellXfs></styleSheet>"),
        &[
            ("[Content_Types].xml", part(TYPES).as_bytes()),
            ("xl/workbook.xml", part(BOOK).as_bytes()),
            ("xl/_rels/workbook.xml.rels", part(&relations()).as_bytes()),
        ],
    )
}

fn deep_sheet(size: Size) -> Vec<u8> {
    xlsx(&sheet("", &nested("extLst", size.of(20_000, 2_000_000), "")), "", "")
}

fn deep_texts(size: Size) -> Vec<u8> {
    xlsx(&sheet("", ""), &format!("<sst>{}</sst>", nested("si", size.of(20_000, 2_000_000), "<t>甲</t>")), "")
}

fn deep_styles(size: Size) -> Vec<u8> {
    let styles =
        format!("<styleSheet>{}</styleSheet>", nested("cellXfs", size.of(20_000, 2_000_000), "<xf/>"));
    xlsx(&sheet("", ""), "", &styles)
}

fn many_styles(size: Size) -> Vec<u8> {
    let looks = "<xf numFmtId=\"14\" xfId=\"1\"/>".repeat(size.of(100_000, 5_000_000));
    let styles = format!(
        "<styleSheet><cellStyleXfs><xf xfId=\"1\"/><xf xfId=\"0\"/></cellStyleXfs><cellXfs>{looks}</cellXfs>\
         <cellStyles><cellStyle name=\"a\" xfId=\"0\" basedOn=\"a\"/></cellStyles></styleSheet>"
    );
    xlsx(&sheet("", ""), "", &styles)
}

fn long_format(size: Size) -> Vec<u8> {
    let code = "[h]yyyy\"年\"".repeat(size.of(20_000, 500_000));
    let styles =
        format!("<styleSheet><numFmts><numFmt numFmtId=\"200\" formatCode='{code}'/></numFmts></styleSheet>");
    xlsx(&sheet("", ""), "", &styles)
}

fn formulas(size: Size) -> Vec<u8> {
    let one = |n| {
        format!(r#"<row r="{n}"><c r="D{n}"><f t="shared" ref="D3:D1048576" si="0">D{n}+1</f></c></row>"#)
    };
    xlsx(&sheet(&each(3, size.of(10_000, 500_000), one), ""), "", "")
}

fn links(_: Size) -> Vec<u8> {
    let rows = r#"<row r="3"><c r="A3" t="str"><f>cmd|' /C calc'!A0</f><v>2023-04-05</v></c><c r="B3" t="inlineStr"><is><t>支委会</t></is></c><c r="C3" t="inlineStr"><is><t>=cmd|' /C calc'!A0</t></is></c></row><row r="4"><c r="A4" t="inlineStr"><is><t>2023-05-05</t></is></c><c r="B4" t="inlineStr"><is><t>支委会</t></is></c><c r="C4" t="str"><f>[1]Sheet1!A1</f><v>+HYPERLINK("http://127.0.0.1:9/","点")</v></c></row>"#;
    let dde = r#"<externalLink><ddeLink ddeService="cmd" ddeTopic="/C calc"><ddeItems><ddeItem name="A0"/></ddeItems></ddeLink></externalLink>"#;
    let target = r#"<Relationships><Relationship Id="rId1" Type="x/externalLinkPath" Target="file:////127.0.0.1/share/x.xlsx" TargetMode="External"/></Relationships>"#;
    xlsx_with(
        &sheet(rows, ""),
        "",
        "",
        &[
            ("xl/externalLinks/externalLink1.xml", dde.as_bytes()),
            ("xl/externalLinks/_rels/externalLink1.xml.rels", target.as_bytes()),
            ("xl/vbaProject.bin", &[0xd0, 0xcf, 0x11, 0xe0]),
        ],
    )
}

fn hidden(size: Size) -> Vec<u8> {
    let one = |n| format!(r#"<row r="{n}" hidden="1"><c r="A{n}"><v>{n}</v></c></row>"#);
    let rows = each(3, size.of(5_000, 1_000_000), one);
    xlsx(&sheet(&rows, r#"<autoFilter ref="A1:C9"><filterColumn colId="0"/></autoFilter>"#), "", "")
}

fn wide(size: Size) -> Vec<u8> {
    let cells =
        |text: &str| format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>").repeat(size.of(600, 950));
    let body = format!("<row>{}{}</row>", cells("支委会"), cells("学习党章")).repeat(size.of(5, 2_600));
    xlsx(
        &format!(
            "<worksheet><sheetData><row>{}{}</row>{body}</sheetData></worksheet>",
            cells("时间"),
            cells("主题")
        ),
        "",
        "",
    )
}

fn too_wide(size: Size) -> Vec<u8> {
    let row = format!("<row>{}</row>", "<c><v>1</v></c>".repeat(16_000));
    xlsx(&sheet(&row.repeat(size.of(2, 300)), ""), "", "")
}

const ODS_ROW: &str = "<table:table-row><table:table-cell><text:p>时间</text:p></table:table-cell><table:table-cell><text:p>类型</text:p></table:table-cell><table:table-cell><text:p>主题</text:p></table:table-cell></table:table-row><table:table-row><table:table-cell><text:p>2023-03-05</text:p></table:table-cell><table:table-cell><text:p>支委会</text:p></table:table-cell><table:table-cell><text:p>研究计划</text:p></table:table-cell></table:table-row>";

fn ods(rows: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content><office:body><office:spreadsheet><table:table table:name=\"台账\">{ODS_ROW}{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
    );
    zipped(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", content.as_bytes()),
    ])
}

fn ods_repeat(_: Size) -> Vec<u8> {
    ods(
        "<table:table-row table:number-rows-repeated=\"1000000000\"><table:table-cell table:number-columns-repeated=\"1000000000\"><text:p>甲</text:p></table:table-cell></table:table-row>",
    )
}

fn ods_deep(size: Size) -> Vec<u8> {
    let text = nested("text:span", size.of(20_000, 2_000_000), "甲");
    ods(&format!(
        "<table:table-row><table:table-cell><text:p>{text}</text:p></table:table-cell></table:table-row>"
    ))
}

fn ods_large(size: Size) -> Vec<u8> {
    ods(&"<table:table-row><table:table-cell/></table:table-row>".repeat(size.of(17 << 20, 380 << 20) / 54))
}

/// A compound file of these sectors after its head, each followed by the one that `next` says.
fn compound(stream: &[u8], next: impl Fn(u32, u32) -> u32, claimed: u32) -> Vec<u8> {
    let sectors = u32::try_from(stream.len().div_ceil(512)).unwrap();
    let tables = (sectors + 2).div_ceil(127) + 1;
    let mut head = vec![0_u8; 512];
    head[..8].copy_from_slice(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
    head[26] = 3;
    head[28..30].copy_from_slice(&[0xfe, 0xff]);
    head[30] = 9;
    head[32] = 6;
    head[44..48].copy_from_slice(&tables.to_le_bytes());
    head[48..52].copy_from_slice(&tables.to_le_bytes());
    head[56..60].copy_from_slice(&4096_u32.to_le_bytes());
    head[60..64].copy_from_slice(&u32::MAX.wrapping_sub(1).to_le_bytes());
    head[68..72].copy_from_slice(&u32::MAX.wrapping_sub(1).to_le_bytes());
    for at in 0..109_u32 {
        let place = 76 + at as usize * 4;
        let sector = if at < tables { at } else { u32::MAX };
        head[place..place + 4].copy_from_slice(&sector.to_le_bytes());
    }
    let first = tables + 1;
    let mut table: Vec<u32> = vec![0xffff_fffd; tables as usize];
    table.push(0xffff_fffe);
    table.extend((0..sectors).map(|at| next(first + at, first + sectors)));
    table.resize(tables as usize * 128, u32::MAX);
    let entry = |name: &str, kind: u8, child: u32, start: u32, size: u32| {
        let mut entry = vec![0_u8; 128];
        let units: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        entry[..units.len()].copy_from_slice(&units);
        entry[64..66].copy_from_slice(&u16::try_from(units.len() + 2).unwrap().to_le_bytes());
        entry[66] = kind;
        entry[68..76].fill(0xff);
        entry[76..80].copy_from_slice(&child.to_le_bytes());
        entry[116..120].copy_from_slice(&start.to_le_bytes());
        entry[120..124].copy_from_slice(&size.to_le_bytes());
        entry
    };
    let mut out = head;
    out.extend(table.into_iter().flat_map(u32::to_le_bytes));
    let directory =
        [entry("Root Entry", 5, 1, u32::MAX - 1, 0), entry("Workbook", 2, u32::MAX, first, claimed)];
    out.extend(directory.concat());
    out.resize(512 + (tables as usize + 1) * 512, 0);
    out.extend(stream);
    out.resize(out.len().div_ceil(512) * 512, 0);
    out
}

fn record(kind: u16, body: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes()[..], &u16::try_from(body.len()).unwrap().to_le_bytes(), body].concat()
}

fn begin(kind: u16) -> Vec<u8> {
    record(0x0809, &[0x0600_u16, kind, 0, 0].into_iter().flat_map(u16::to_le_bytes).collect::<Vec<u8>>())
}

/// A stream of a workbook whose sheets all begin where the last one does.
fn stream(globals: &[u8], sheets: usize, body: &[u8]) -> Vec<u8> {
    let listing = |start: u32| record(0x0085, &[&start.to_le_bytes()[..], &[0, 0, 1, 0, b'a']].concat());
    let start = begin(5).len() + globals.len() + listing(0).len() * sheets + 4;
    let mut out = [&begin(5)[..], globals].concat();
    out.extend(listing(u32::try_from(start).unwrap()).repeat(sheets));
    out.extend(record(0x000a, &[]));
    out.extend(begin(0x10));
    out.extend(body);
    out.extend(record(0x000a, &[]));
    out.resize(out.len().max(4096), 0);
    out
}

fn after(sector: u32, end: u32) -> u32 {
    if sector + 1 == end { 0xffff_fffe } else { sector + 1 }
}

fn number_cell(row: u16, col: u16) -> Vec<u8> {
    let head: Vec<u8> = [row, col, 0].into_iter().flat_map(u16::to_le_bytes).collect();
    record(0x0203, &[&head[..], &1.5_f64.to_le_bytes()].concat())
}

fn xls_ring(_: Size) -> Vec<u8> {
    let bytes = stream(&[], 1, &number_cell(0, 0));
    compound(&bytes, |sector, end| if sector + 1 == end { end - 2 } else { sector + 1 }, u32::MAX)
}

fn xls_texts(_: Size) -> Vec<u8> {
    let texts = record(
        0x00fc,
        &[
            &u32::MAX.to_le_bytes()[..],
            &u32::MAX.to_le_bytes(),
            &[0xff, 0xff, 0x0d, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x41],
        ]
        .concat(),
    );
    let bytes = stream(&texts, 1, &number_cell(0, 0));
    let length = u32::try_from(bytes.len()).unwrap();
    compound(&bytes, after, length)
}

fn xls_overlap(size: Size) -> Vec<u8> {
    let body: Vec<u8> =
        (0..size.of(100, 3_400)).flat_map(|n| number_cell(u16::try_from(n).unwrap(), 0)).collect();
    let bytes = stream(&[], 999, &body);
    let length = u32::try_from(bytes.len()).unwrap();
    compound(&bytes, after, length)
}

fn xls_large(size: Size) -> Vec<u8> {
    // As much as the places in the head of such a file can tell: 109 tables of 64 KB.
    let count = size.of(5_000, 370_000);
    let body: Vec<u8> = (0..count)
        .flat_map(|n| number_cell(u16::try_from(n % 65_536).unwrap(), u16::try_from(n / 65_536).unwrap()))
        .collect();
    let bytes = stream(&[], 1, &body);
    let length = u32::try_from(bytes.len()).unwrap();
    compound(&bytes, after, length)
}

fn xlsb_lying(_: Size) -> Vec<u8> {
    let relations = relations().replace(".xml", ".bin");
    let wide = |text: &str| {
        let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        [&u32::try_from(units.len() / 2).unwrap().to_le_bytes()[..], &units].concat()
    };
    let listing = [&[0_u8; 8][..], &wide("rId1"), &wide("一")].concat();
    let book = [&[0x9c, 0x01, u8::try_from(listing.len()).unwrap()][..], &listing].concat();
    let lying = [0x91, 0x01, 0, 6, 0xff, 0xff, 0xff, 0x7f, 0, 0, 0, 0];
    let texts = [19, 0xff, 0xff, 0xff, 0x7f, 0, 0xff, 0xff, 0xff, 0xff];
    zipped(&[
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("xl/workbook.bin", &book),
        ("xl/_rels/workbook.bin.rels", relations.as_bytes()),
        ("xl/worksheets/sheet1.bin", &lying),
        ("xl/sharedStrings.bin", &texts),
    ])
}

const CSV: &str = "时间,类型,主题\n2023-03-05,支委会,研究计划\n";

fn csv_line(size: Size) -> Vec<u8> {
    "一行到底".repeat(size.of(400_000, 7_500_000)).into_bytes()
}

fn csv_columns(size: Size) -> Vec<u8> {
    let row = "列,".repeat(size.of(100_000, 1_000_000));
    format!("{row}\n{CSV}{row}\n").into_bytes()
}

fn csv_zeros(size: Size) -> Vec<u8> {
    [CSV.as_bytes(), &vec![0; size.of(1 << 20, 90 << 20)]].concat()
}

fn csv_rows(size: Size) -> Vec<u8> {
    let row = if size == Size::Full { "a\n" } else { "\u{a0}\n" };
    format!("{CSV}{}", row.repeat(size.of(1_100_000, 3_000_000))).into_bytes()
}

fn csv_quote(size: Size) -> Vec<u8> {
    format!("{CSV}2023-04-05,支委会,\"{}", "没有闭合,的引号\n".repeat(size.of(20_000, 4_000_000)))
        .into_bytes()
}

fn csv_blank(size: Size) -> Vec<u8> {
    format!("{CSV}{}2023-04-05,支委会,学习\n", "\n".repeat(size.of(100_000, 20_000_000))).into_bytes()
}

fn csv_pairs(size: Size) -> Vec<u8> {
    format!("{CSV}{}", "a,b\n".repeat(size.of(4_000, 1_000_000))).into_bytes()
}

fn aligned(size: Size) -> Vec<u8> {
    let row = "时间  类型  主题\n2023-03-05  支委会  学习\n2023-04-05  支委会  学习\n";
    format!("{row}{}\n", "段  ".repeat(size.of(20_000, 900_000))).into_bytes()
}

fn prose(size: Size) -> Vec<u8> {
    "3月5日，召开支部委员会，研究年度计划，12人参加。\n".repeat(size.of(1_000, 1_300_000)).into_bytes()
}

const HTML_ROW: &str = "<tr><td>时间<td>类型<td>主题</tr><tr><td>2023-03-05<td>支委会<td>研究计划</tr>";

fn html_span(_: Size) -> Vec<u8> {
    format!("<html><table>{HTML_ROW}<tr><td rowspan=1000000000 colspan=1000000000>注：<td rowspan=999999999>甲</tr></table>").into_bytes()
}

fn html_covered(size: Size) -> Vec<u8> {
    let cover = "<td rowspan=1000 colspan=1000>".repeat(16);
    let rows = format!("<tr>{cover}</tr>{}", "<tr><td><td>".repeat(999)).repeat(size.of(10, 8_000));
    format!("<html><table>{HTML_ROW}{rows}</table>").into_bytes()
}

fn html_deep(size: Size) -> Vec<u8> {
    let depth = size.of(20_000, 2_000_000);
    format!(
        "<html><table>{HTML_ROW}<tr><td>{}注</td></tr></table>{}",
        "<div>".repeat(depth),
        "<table><tr>".repeat(depth)
    )
    .into_bytes()
}

fn mht_deep(size: Size) -> Vec<u8> {
    let part = |n: usize| format!("Content-Type: multipart/related; boundary=\"b{n}\"\n\n--b{n}\n");
    let inner = format!("Content-Type: text/html; charset=utf-8\n\n<table>{HTML_ROW}</table>\n");
    format!("MIME-Version: 1.0\n{}{inner}", each(0, size.of(1_000, 10_000), part)).into_bytes()
}

fn mht_pages(size: Size) -> Vec<u8> {
    let names = each(0, size.of(1_000, 300_000), |n| {
        format!(
            "<x:ExcelWorksheet><x:Name>s{n}</x:Name><x:WorksheetSource HRef=\"x{n}.htm\"/></x:ExcelWorksheet>"
        )
    });
    let page = |n: usize| {
        format!(
            "--b\nContent-Location: p{n}.htm\nContent-Type: text/html; charset=utf-8\n\n<table>{HTML_ROW}</table>\n"
        )
    };
    let pages = each(0, size.of(100, 1_000), page);
    format!("MIME-Version: 1.0\nContent-Type: multipart/related; boundary=\"b\"\n\n--b\nContent-Type: text/html; charset=utf-8\n\n<x:ExcelWorkbook>{names}</x:ExcelWorkbook>\n{pages}--b--\n").into_bytes()
}

fn spreadsheet(rows: &str) -> Vec<u8> {
    let row = |cells: [&str; 3]| {
        let cell = |text: &&str| format!("<Cell><Data ss:Type=\"String\">{text}</Data></Cell>");
        format!("<Row>{}</Row>", cells.iter().map(cell).collect::<String>())
    };
    let head = [row(["时间", "类型", "主题"]), row(["2023-03-05", "支委会", "研究计划"])].concat();
    format!("<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\"><Worksheet ss:Name=\"台账\"><Table>{head}{rows}</Table></Worksheet></Workbook>").into_bytes()
}

fn spreadsheet_deep(size: Size) -> Vec<u8> {
    spreadsheet(&nested("x", size.of(20_000, 2_000_000), ""))
}

fn spreadsheet_span(_: Size) -> Vec<u8> {
    spreadsheet(&"<Row ss:Index=\"4294967295\"><Cell ss:Index=\"4294967295\" ss:MergeAcross=\"4294967295\" ss:MergeDown=\"4294967295\"><Data>7</Data></Cell></Row>".repeat(100))
}

fn zip_nested(_: Size) -> Vec<u8> {
    (0..5).fold(CSV.as_bytes().to_vec(), |inner, depth| {
        let name = if depth == 0 { "东山党支部.csv" } else { "内.zip" };
        zipped(&[(name, &inner)])
    })
}

fn zip_many(_: Size) -> Vec<u8> {
    let names: Vec<String> = (0..60_000).map(|n| format!("{n}.csv")).collect();
    zipped(&names.iter().map(|name| (name.as_str(), &b""[..])).collect::<Vec<_>>())
}

fn zip_bomb(size: Size) -> Vec<u8> {
    let blank = vec![b' '; size.of(17 << 20, 90 << 20)];
    zipped(&[("炸弹.csv", &blank), ("好.csv", CSV.as_bytes())])
}

fn zip_paths(_: Size) -> Vec<u8> {
    let long = format!("{}.csv", "长".repeat(3_000));
    let csv = CSV.as_bytes();
    zipped(&[
        ("../../../../tmp/shuzhi-越界.csv", csv),
        ("C:\\Windows\\越界.csv", csv),
        ("/etc/越界.csv", csv),
        ("a\0b.csv", csv),
        ("..\\..\\..", csv),
        ("\u{202e}vsc.exe", csv),
        (&long, csv),
    ])
}

fn named(unit: &str) -> Vec<u8> {
    let quoted = unit.replace('"', "\"\"");
    format!("\"填报单位：{quoted}\",,\n{CSV}2023-04-05,支委会,\"{quoted}\"\n").into_bytes()
}

fn unit_path(_: Size) -> Vec<u8> {
    named("../../etc/x党支部")
}

fn unit_reserved(_: Size) -> Vec<u8> {
    named("CON")
}

fn unit_formula(_: Size) -> Vec<u8> {
    named("=cmd|' /C calc'!A0")
}
