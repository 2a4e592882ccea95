//! Writes the two sample templates of an office's own into a folder (`templates` where none is given).
//!
//! `cargo run --example office_templates`; the same bytes every time.

use std::io::{Cursor, Write};
use std::path::PathBuf;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

const W: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
    xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" \
    xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
    xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"";
const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>";
const TYPES: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "templates".into()));
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("样例-述职报告.docx"), docx(&report(), false)?)?;
    std::fs::write(folder.join("样例-考核结果表.docx"), docx(&ranking(), true)?)?;
    Ok(())
}

fn docx(body: &str, landscape: bool) -> zip::result::ZipResult<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::DEFAULT);
    let page = if landscape {
        "<w:pgSz w:w=\"16838\" w:h=\"11906\" w:orient=\"landscape\"/>"
    } else {
        "<w:pgSz w:w=\"11906\" w:h=\"16838\"/>"
    };
    let margin = if landscape { 1500 } else { 2050 };
    let document = format!(
        "{XML}<w:document {W}><w:body>{body}<w:sectPr><w:headerReference w:type=\"default\" r:id=\"rId3\"/>\
         <w:footerReference w:type=\"default\" r:id=\"rId4\"/>{page}<w:pgMar w:top=\"{margin}\" w:right=\"1474\" \
         w:bottom=\"{margin}\" w:left=\"1588\" w:header=\"1134\" w:footer=\"1134\" w:gutter=\"0\"/></w:sectPr></w:body></w:document>"
    );
    let content_types = format!(
        "{XML}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/><Default Extension=\"png\" ContentType=\"image/png\"/>\
         <Override PartName=\"/word/document.xml\" ContentType=\"{TYPES}.document.main+xml\"/>\
         <Override PartName=\"/word/styles.xml\" ContentType=\"{TYPES}.styles+xml\"/>\
         <Override PartName=\"/word/settings.xml\" ContentType=\"{TYPES}.settings+xml\"/>\
         <Override PartName=\"/word/fontTable.xml\" ContentType=\"{TYPES}.fontTable+xml\"/>\
         <Override PartName=\"/word/theme/theme1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.theme+xml\"/>\
         <Override PartName=\"/word/numbering.xml\" ContentType=\"{TYPES}.numbering+xml\"/>\
         <Override PartName=\"/word/header1.xml\" ContentType=\"{TYPES}.header+xml\"/>\
         <Override PartName=\"/word/footer1.xml\" ContentType=\"{TYPES}.footer+xml\"/></Types>"
    );
    let relations = |items: &[(&str, &str, &str)]| {
        let each = |(id, kind, target): &(&str, &str, &str)| {
            format!("<Relationship Id=\"{id}\" Type=\"{RELATIONS}/{kind}\" Target=\"{target}\"/>")
        };
        let all: String = items.iter().map(each).collect();
        format!(
            "{XML}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{all}</Relationships>"
        )
    };
    let parts: [(&str, Vec<u8>); 12] = [
        ("[Content_Types].xml", content_types.into_bytes()),
        ("word/settings.xml", settings().into_bytes()),
        ("word/fontTable.xml", fonts().into_bytes()),
        ("word/theme/theme1.xml", theme().into_bytes()),
        ("_rels/.rels", relations(&[("rId1", "officeDocument", "word/document.xml")]).into_bytes()),
        ("word/document.xml", document.into_bytes()),
        (
            "word/_rels/document.xml.rels",
            relations(&[
                ("rId1", "styles", "styles.xml"),
                ("rId2", "numbering", "numbering.xml"),
                ("rId3", "header", "header1.xml"),
                ("rId4", "footer", "footer1.xml"),
                ("rId5", "settings", "settings.xml"),
                ("rId6", "fontTable", "fontTable.xml"),
                ("rId7", "theme", "theme/theme1.xml"),
            ])
            .into_bytes(),
        ),
        ("word/styles.xml", styles().into_bytes()),
        ("word/numbering.xml", numbering().into_bytes()),
        ("word/header1.xml", header().into_bytes()),
        ("word/footer1.xml", footer().into_bytes()),
        ("word/_rels/header1.xml.rels", relations(&[("rId1", "image", "media/image1.png")]).into_bytes()),
    ];
    for (name, bytes) in parts {
        zip.start_file(name, options)?;
        zip.write_all(&bytes)?;
    }
    zip.start_file("word/media/image1.png", options.compression_method(CompressionMethod::Stored))?;
    zip.write_all(&picture())?;
    Ok(zip.finish()?.into_inner())
}

fn settings() -> String {
    format!(
        "{XML}<w:settings {W}><w:zoom w:percent=\"100\"/><w:defaultTabStop w:val=\"420\"/><w:characterSpacingControl w:val=\"compressPunctuation\"/>\
         <w:compat><w:useFELayout/><w:compatSetting w:name=\"compatibilityMode\" w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/></w:compat></w:settings>"
    )
}

fn fonts() -> String {
    let font = |(name, other): &(&str, &str)| {
        format!(
            "<w:font w:name=\"{name}\"><w:altName w:val=\"{other}\"/><w:charset w:val=\"86\"/><w:family w:val=\"modern\"/><w:pitch w:val=\"variable\"/></w:font>"
        )
    };
    let faces = [
        ("仿宋_GB2312", "FangSong"),
        ("楷体_GB2312", "KaiTi"),
        ("黑体", "SimHei"),
        ("方正小标宋简体", "华文中宋"),
    ];
    let all: String = faces.iter().map(font).collect();
    format!("{XML}<w:fonts {W}>{all}</w:fonts>")
}

/// No text refers to it; some programs miss one that is not there.
fn theme() -> String {
    let names = [
        "dk1", "lt1", "dk2", "lt2", "accent1", "accent2", "accent3", "accent4", "accent5", "accent6",
        "hlink", "folHlink",
    ];
    let colour = |name: &&str| {
        let value = if name.starts_with("lt") { "FFFFFF" } else { "000000" };
        format!("<a:{name}><a:srgbClr val=\"{value}\"/></a:{name}>")
    };
    let colours: String = names.iter().map(colour).collect();
    let faces = "<a:latin typeface=\"仿宋_GB2312\"/><a:ea typeface=\"仿宋_GB2312\"/><a:cs typeface=\"\"/>";
    let fill = "<a:solidFill><a:schemeClr val=\"phClr\"/></a:solidFill>".repeat(3);
    let line = "<a:ln w=\"6350\"><a:solidFill><a:schemeClr val=\"phClr\"/></a:solidFill></a:ln>".repeat(3);
    let effect = "<a:effectStyle><a:effectLst/></a:effectStyle>".repeat(3);
    format!(
        "{XML}<a:theme xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" name=\"公文\"><a:themeElements><a:clrScheme name=\"公文\">{colours}</a:clrScheme>\
         <a:fontScheme name=\"公文\"><a:majorFont>{faces}</a:majorFont><a:minorFont>{faces}</a:minorFont></a:fontScheme><a:fmtScheme name=\"公文\"><a:fillStyleLst>{fill}</a:fillStyleLst>\
         <a:lnStyleLst>{line}</a:lnStyleLst><a:effectStyleLst>{effect}</a:effectStyleLst><a:bgFillStyleLst>{fill}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
    )
}

fn styles() -> String {
    let face = |name: &str| {
        format!("<w:rFonts w:ascii=\"{name}\" w:hAnsi=\"{name}\" w:eastAsia=\"{name}\" w:cs=\"{name}\"/>")
    };
    let song = face("仿宋_GB2312");
    let (title, hei, kai) = (face("方正小标宋简体"), face("黑体"), face("楷体_GB2312"));
    let size = |half: u32| format!("<w:sz w:val=\"{half}\"/><w:szCs w:val=\"{half}\"/>");
    let (two, three, five) = (size(44), size(32), size(21));
    format!(
        "{XML}<w:styles {W}><w:docDefaults><w:rPrDefault><w:rPr>{song}{three}<w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\"/></w:rPr></w:rPrDefault></w:docDefaults>\
         <w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"a\"><w:name w:val=\"Normal\"/><w:qFormat/><w:pPr><w:widowControl w:val=\"0\"/><w:spacing w:line=\"580\" w:lineRule=\"exact\"/><w:jc w:val=\"both\"/></w:pPr></w:style>\
         <w:style w:type=\"paragraph\" w:styleId=\"1\"><w:name w:val=\"heading 1\"/><w:basedOn w:val=\"a\"/><w:qFormat/><w:pPr><w:keepNext/><w:ind w:firstLineChars=\"200\" w:firstLine=\"640\"/><w:outlineLvl w:val=\"0\"/></w:pPr><w:rPr>{hei}</w:rPr></w:style>\
         <w:style w:type=\"paragraph\" w:styleId=\"2\"><w:name w:val=\"heading 2\"/><w:basedOn w:val=\"a\"/><w:qFormat/><w:pPr><w:keepNext/><w:ind w:firstLineChars=\"200\" w:firstLine=\"640\"/><w:outlineLvl w:val=\"1\"/></w:pPr><w:rPr>{kai}</w:rPr></w:style>\
         <w:style w:type=\"paragraph\" w:styleId=\"a3\"><w:name w:val=\"Title\"/><w:basedOn w:val=\"a\"/><w:qFormat/><w:pPr><w:spacing w:line=\"700\" w:lineRule=\"exact\"/><w:jc w:val=\"center\"/></w:pPr><w:rPr>{title}{two}</w:rPr></w:style>\
         <w:style w:type=\"paragraph\" w:customStyle=\"1\" w:styleId=\"a4\"><w:name w:val=\"表格文字\"/><w:basedOn w:val=\"a\"/><w:qFormat/><w:pPr><w:spacing w:line=\"320\" w:lineRule=\"exact\"/><w:jc w:val=\"center\"/></w:pPr><w:rPr>{five}</w:rPr></w:style>\
         </w:styles>"
    )
}

fn numbering() -> String {
    format!(
        "{XML}<w:numbering {W}><w:abstractNum w:abstractNumId=\"0\"><w:multiLevelType w:val=\"singleLevel\"/>\
         <w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt w:val=\"chineseCountingThousand\"/><w:suff w:val=\"nothing\"/>\
         <w:lvlText w:val=\"%1、\"/><w:lvlJc w:val=\"left\"/></w:lvl></w:abstractNum>\
         <w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num></w:numbering>"
    )
}

fn header() -> String {
    format!(
        "{XML}<w:hdr {W}><w:p><w:pPr><w:pStyle w:val=\"a4\"/></w:pPr><w:r><w:t>{{{{局名}}}}文书</w:t></w:r></w:p>\
         <w:p><w:pPr><w:pStyle w:val=\"a4\"/></w:pPr><w:r><w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\">\
         <wp:extent cx=\"5600000\" cy=\"36000\"/><wp:docPr id=\"1\" name=\"红线\"/><wp:cNvGraphicFramePr/><a:graphic>\
         <a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:pic><pic:nvPicPr>\
         <pic:cNvPr id=\"1\" name=\"红线\"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed=\"rId1\"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>\
         <pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"5600000\" cy=\"36000\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p></w:hdr>"
    )
}

fn footer() -> String {
    let field = |kind: &str| format!("<w:r><w:fldChar w:fldCharType=\"{kind}\"/></w:r>");
    format!(
        "{XML}<w:ftr {W}><w:p><w:pPr><w:pStyle w:val=\"a4\"/></w:pPr><w:r><w:t xml:space=\"preserve\">— </w:t></w:r>{}\
         <w:r><w:instrText xml:space=\"preserve\"> PAGE </w:instrText></w:r>{}<w:r><w:t>1</w:t></w:r>{}<w:r><w:t xml:space=\"preserve\"> —</w:t></w:r></w:p></w:ftr>",
        field("begin"),
        field("separate"),
        field("end")
    )
}

fn styled(style: &str, text: &str) -> String {
    format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
}

fn body(text: &str) -> String {
    format!(
        "<w:p><w:pPr><w:ind w:firstLineChars=\"200\" w:firstLine=\"640\"/></w:pPr><w:r><w:rPr><w:rFonts w:hint=\"eastAsia\"/></w:rPr><w:t>{text}</w:t></w:r></w:p>"
    )
}

fn right(text: &str) -> String {
    format!(
        "<w:p><w:pPr><w:ind w:rightChars=\"400\" w:right=\"1280\"/><w:jc w:val=\"right\"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"
    )
}

fn heading(text: &str) -> String {
    format!(
        "<w:p><w:pPr><w:pStyle w:val=\"1\"/><w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"1\"/></w:numPr></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"
    )
}

/// A table; its first row is the header.
fn table(widths: &[u32], rows: &[&[&str]]) -> String {
    let column = |width: &u32| format!("<w:gridCol w:w=\"{width}\"/>");
    let grid: String = widths.iter().map(column).collect();
    let side = |name: &str| format!("<w:{name} w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/>");
    let borders: String =
        ["top", "left", "bottom", "right", "insideH", "insideV"].iter().map(|s| side(s)).collect();
    let total: u32 = widths.iter().sum();
    let mut out = format!(
        "<w:tbl><w:tblPr><w:tblW w:w=\"{total}\" w:type=\"dxa\"/><w:jc w:val=\"center\"/><w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type=\"fixed\"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
    );
    for (at, row) in rows.iter().enumerate() {
        let head = if at == 0 { "<w:tblHeader/>" } else { "" };
        out += &format!("<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>");
        for (text, width) in row.iter().zip(widths) {
            let bold = if at == 0 { "<w:rPr><w:b/></w:rPr>" } else { "" };
            out += &format!(
                "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/><w:vAlign w:val=\"center\"/></w:tcPr><w:p><w:pPr><w:pStyle w:val=\"a4\"/></w:pPr><w:r>{bold}<w:t>{text}</w:t></w:r></w:p></w:tc>"
            );
        }
        out += "</w:tr>";
    }
    out + "</w:tbl>"
}

fn report() -> String {
    // As Word leaves it after the spelling check: one placeholder in three runs.
    let split = "<w:p><w:pPr><w:ind w:firstLineChars=\"200\" w:firstLine=\"640\"/></w:pPr><w:r><w:t>现将{{年</w:t></w:r><w:proofErr w:type=\"spellStart\"/>\
        <w:r w:rsidRPr=\"00AB12CD\"><w:t>度</w:t></w:r><w:proofErr w:type=\"spellEnd\"/><w:r><w:t>}}年度履职情况报告如下，数据截至{{截至日期}}。\
        {{如有 党员人数}}支部现有党员{{党员人数}}名，{{完}}全年可以佐证履职的活动{{活动数}}项，{{人次}}人次参加。</w:t></w:r></w:p>";
    [
        styled("a3", "{{单位名称}}书记"),
        styled("a3", "{{年度}}年度抓党建工作述职报告"),
        styled("a", ""),
        styled("a", "局党组、机关党委："),
        split.to_owned(),
        heading("考核得分"),
        table(
            &[1700, 1700, 1700, 1700, 2000],
            &[
                &["得分", "满分", "待核分", "名次", "排名区间"],
                &["{{得分}}", "{{满分}}", "{{待核分}}", "{{名次}}", "{{排名区间}}"],
            ],
        ),
        body("{{如果 缺项数 = 0}}各项要求都有记录。{{否则}}{{要求数}}项要求中，{{达标数}}项记录齐全，{{缺项数}}项记录不齐。{{完}}"),
        heading("履行职责情况"),
        body("{{段落：履职情况}}"),
        heading("存在的主要问题"),
        body("{{如有 问题}}"),
        body("{{每项 问题}}"),
        body("{{序号}}.{{问题}}（{{来源}}，关系{{分值}}分）。"),
        body("{{完}}"),
        body("{{否则}}"),
        body("没有发现记录不齐的要求。【待补：本人认为存在的问题】"),
        body("{{完}}"),
        heading("下一步打算"),
        body("{{段落：下一步打算}}"),
        styled("a", ""),
        right("述职人：{{书记}}"),
        right("{{年度}}年12月31日"),
        "<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>".to_owned(),
        styled("a", "附件"),
        styled("a3", "活动情况一览表"),
        table(
            &[700, 1500, 1300, 3200, 900, 1200],
            &[
                &["序号", "日期", "类型", "名称", "实到", "条目"],
                &["{{序号}}", "{{活动.日期}}", "{{活动.类型}}", "{{活动.名称}}", "{{活动.实到}}", "{{活动.条目}}"],
            ],
        ),
    ]
    .concat()
}

fn ranking() -> String {
    [
        styled("a3", "{{局名}}{{年度}}年度党建工作考核结果表"),
        styled("a", "数据截至{{截至日期}}，参评单位{{参评单位数}}个，满分{{满分}}分。"),
        table(
            &[1000, 2000, 5200, 1400, 1400, 1600, 1200],
            &[
                &["序号", "组别", "单位", "得分", "待核分", "名次（区间）", "建议等次"],
                &["{{序号}}", "{{排名.组别}}", "{{排名.单位}}", "{{排名.得分}}", "{{排名.待核分}}", "{{排名.名次}}（{{排名.排名区间}}）", "{{排名.等次}}"],
            ],
        ),
        styled("a", "{{如果 参评单位数 > 20}}注：参评单位较多，分组情况见组别一栏。{{完}}待核分是没有找到记录、尚未核实的部分，不等于没有开展。"),
        right("{{局名}}（盖章）"),
        right("年　　月　　日"),
    ]
    .concat()
}

/// A red line as a picture of four by one points, packed without compression.
fn picture() -> Vec<u8> {
    let rows: Vec<u8> = std::iter::once(0).chain([0xc8, 0x10, 0x2e].repeat(4)).collect();
    let mut data = vec![0x78, 0x01, 0x01];
    let length = u16::try_from(rows.len()).unwrap_or(0);
    data.extend(length.to_le_bytes());
    data.extend((!length).to_le_bytes());
    data.extend(&rows);
    let (mut one, mut two) = (1_u32, 0_u32);
    for byte in &rows {
        one = (one + u32::from(*byte)) % 65521;
        two = (two + one) % 65521;
    }
    data.extend((two << 16 | one).to_be_bytes());
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    let head = [0, 0, 0, 4, 0, 0, 0, 1, 8, 2, 0, 0, 0];
    for (kind, content) in [(b"IHDR", &head[..]), (b"IDAT", &data), (b"IEND", &[])] {
        out.extend(u32::try_from(content.len()).unwrap_or(0).to_be_bytes());
        let part = [&kind[..], content].concat();
        out.extend(&part);
        out.extend(checksum(&part).to_be_bytes());
    }
    out
}

fn checksum(bytes: &[u8]) -> u32 {
    let step = |sum: u32, byte: &u8| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg()))
    };
    !bytes.iter().fold(u32::MAX, step)
}
