//! The parts of a Word file that do not depend on the report: styles, footers, settings, fonts,
//! relationships. Built once and shared by every report with the same faces.
//!
//! In: [`Fonts`]. Out: named parts, ready to be packed. Never here: a word of the report.
//!
//! docx-rs describes the styles and the footers, the two parts in which its types spare us the
//! most; what it writes goes through [`super::repair`], because it puts children in an order
//! that the schema forbids. The remaining parts are a dozen fixed lines each, shorter as text than
//! the repair of what docx-rs would write (it always adds comments, notes, numbering and a date of
//! its own). The body is text as well: a table costs docx-rs sixty times as much.

use docx_rs::{
    AlignmentType, BuildXML, FieldCharType, Footer, InstrText, LineSpacing, LineSpacingType, Paragraph,
    ParagraphProperty, Run, RunFonts, RunProperty, SpecialIndentType, StyleType, Styles,
};

use super::fonts::{Face, Fonts, LINE, Lie, SETTINGS, Setting, Style, TWO_CHARACTERS};
use super::repair::{Element, repaired};
use super::text::{add, escaped};
use crate::error::Result;

/// A part of the package: its name and its bytes.
pub(super) type Part = (&'static str, Vec<u8>);

/// The relationship of the footer of odd pages.
pub(super) const ODD_FOOTER: &str = "rId4";
/// The relationship of the footer of even pages.
pub(super) const EVEN_FOOTER: &str = "rId5";

/// Character style of a blank that the author has to fill.
pub(super) const BLANK_STYLE: &str = "Blank";
/// Character style of a figure that leads to its evidence.
pub(super) const LINK_STYLE: &str = "Evidence";

/// One character of a page number in twips.
const PAGE_NUMBER_INDENT: i32 = 280;
/// A third of a half point tighter, so that 28 characters stand in a line of 156 mm.
const TEXT_SPACING: i32 = -5;

const MAIN: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const DECLARATION: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;

/// Every part but the body and the document's properties.
pub(super) fn parts(fonts: &Fonts) -> Result<Vec<Part>> {
    Ok(vec![
        ("[Content_Types].xml", CONTENT_TYPES.into()),
        ("_rels/.rels", PACKAGE_RELATIONS.into()),
        ("docProps/app.xml", APPLICATION.into()),
        ("word/_rels/document.xml.rels", DOCUMENT_RELATIONS.into()),
        ("word/styles.xml", repaired(&styles(fonts).build(), "styles.xml", correct_styles)?),
        ("word/settings.xml", settings().into()),
        ("word/fontTable.xml", font_table(fonts).into()),
        ("word/theme/theme1.xml", theme(fonts).into()),
        (
            "word/footer1.xml",
            repaired(&footer(fonts, AlignmentType::Right).build(), "footer1.xml", correct_footer)?,
        ),
        (
            "word/footer2.xml",
            repaired(&footer(fonts, AlignmentType::Left).build(), "footer2.xml", correct_footer)?,
        ),
    ])
}

fn faces(name: &str) -> RunFonts {
    RunFonts::new().ascii(name).hi_ansi(name).east_asia(name).cs(name)
}

fn styles(fonts: &Fonts) -> Styles {
    let text = fonts.of(Face::Text);
    let mut styles =
        Styles::new().default_fonts(faces(text)).default_size(32).default_line_spacing(exact(LINE));
    for setting in &SETTINGS {
        styles = styles.add_style(paragraph_style(setting, fonts));
    }
    let mut blank = docx_rs::Style::new(BLANK_STYLE, StyleType::Character).name("待补");
    blank.run_property = RunProperty::new().underline("single");
    let mut link = docx_rs::Style::new(LINK_STYLE, StyleType::Character).name("依据");
    link.run_property = RunProperty::new().color("1F3864");
    styles.add_style(blank).add_style(link)
}

fn exact(line: u32) -> LineSpacing {
    LineSpacing::new().line_rule(LineSpacingType::Exact).line(i32::try_from(line).unwrap_or(0))
}

fn paragraph_style(setting: &Setting, fonts: &Fonts) -> docx_rs::Style {
    let (before, after) = setting.around;
    let mut paragraph = ParagraphProperty::new()
        .align(match setting.lie {
            Lie::Left => AlignmentType::Left,
            Lie::Both => AlignmentType::Both,
            Lie::Centre => AlignmentType::Center,
            Lie::Right => AlignmentType::Right,
        })
        .line_spacing(exact(setting.line).before(before).after(after))
        .widow_control(false)
        .snap_to_grid(setting.line == LINE);
    if setting.two_characters {
        paragraph = paragraph.indent(None, Some(SpecialIndentType::FirstLine(TWO_CHARACTERS)), None, None);
    }
    if setting.keep_next {
        paragraph = paragraph.keep_next(true);
    }
    if let Some(level) = setting.outline {
        paragraph = paragraph.outline_lvl(level);
    }
    let run = RunProperty::new().fonts(faces(fonts.of(setting.face))).size(setting.size);
    let mut style = docx_rs::Style::new(setting.id, StyleType::Paragraph)
        .name(setting.name)
        .based_on("Normal")
        .next(if setting.leads { Style::Body.setting().id } else { setting.id })
        .ui_priority(1);
    style.paragraph_property = paragraph;
    style.run_property = if setting.size == 32 { run.character_spacing(TEXT_SPACING) } else { run };
    style
}

/// `— 1 —`, one character from the outer edge.
fn footer(fonts: &Fonts, side: AlignmentType) -> Footer {
    let face = || Run::new().fonts(faces(fonts.of(Face::Small))).size(28);
    let (left, right) = match side {
        AlignmentType::Left => (Some(PAGE_NUMBER_INDENT), None),
        _ => (None, Some(PAGE_NUMBER_INDENT)),
    };
    Footer::new().add_paragraph(
        Paragraph::new()
            .style(Style::Footer.setting().id)
            .align(side)
            .indent(left, None, right, None)
            .add_run(face().add_text("— "))
            .add_run(face().add_field_char(FieldCharType::Begin, false))
            .add_run(face().add_instr_text(InstrText::Unsupported(" PAGE ".into())))
            .add_run(face().add_field_char(FieldCharType::Separate, false))
            .add_run(face().add_text("1"))
            .add_run(face().add_field_char(FieldCharType::End, false))
            .add_run(face().add_text(" —")),
    )
}

/// Says in characters what docx-rs can only say in twips, and names the default style.
fn correct_styles(element: &mut Element) {
    match element.name.as_str() {
        "w:style" if element.attribute("w:styleId") == Some("Normal") => {
            element.set("w:default", "1");
            // No extra space between Chinese and digits, or a line would not hold its 28 characters.
            let mut properties = Element::named("w:pPr");
            for name in ["w:autoSpaceDE", "w:autoSpaceDN"] {
                let mut spacing = Element::named(name);
                spacing.set("w:val", "0");
                properties.children.push(spacing);
            }
            element.children.push(properties);
        }
        "w:ind" if element.attribute("w:firstLine").is_some() => {
            element.set("w:firstLineChars", "200");
        }
        "w:style" if element.attribute("w:type") == Some("character") => {
            element.children.retain(|child| child.name != "w:pPr");
        }
        "w:rPrDefault" => {
            for properties in &mut element.children {
                let mut language = Element::named("w:lang");
                language.set("w:val", "en-US");
                language.set("w:eastAsia", "zh-CN");
                properties.children.push(language);
            }
        }
        _ => {}
    }
}

fn correct_footer(element: &mut Element) {
    match element.name.as_str() {
        "w:ind" => {
            for (twips, characters) in [("w:left", "w:leftChars"), ("w:right", "w:rightChars")] {
                if element.attribute(twips).is_some_and(|value| value != "0") {
                    element.set(characters, "100");
                }
            }
        }
        // The identifier counts the paragraphs of the whole process.
        "w:p" => element.attributes.retain(|(name, _)| !name.starts_with("w14:")),
        _ => {}
    }
}

fn settings() -> String {
    let compatibility = "http://schemas.microsoft.com/office/word";
    format!(
        "{DECLARATION}<w:settings xmlns:w=\"{MAIN}\"><w:zoom w:percent=\"100\"/>\
         <w:defaultTabStop w:val=\"420\"/><w:evenAndOddHeaders/>\
         <w:drawingGridVerticalSpacing w:val=\"{LINE}\"/>\
         <w:characterSpacingControl w:val=\"compressPunctuation\"/>\
         <w:compat><w:doNotLeaveBackslashAlone/><w:ulTrailSpace/><w:doNotExpandShiftReturn/>\
         <w:useFELayout/>\
         <w:compatSetting w:name=\"compatibilityMode\" w:uri=\"{compatibility}\" w:val=\"15\"/>\
         </w:compat><w:themeFontLang w:val=\"en-US\" w:eastAsia=\"zh-CN\"/></w:settings>"
    )
}

/// Names each face with what stands in for it where it is not installed.
fn font_table(fonts: &Fonts) -> String {
    let mut table = format!("{DECLARATION}<w:fonts xmlns:w=\"{MAIN}\">");
    let mut seen = std::collections::BTreeSet::new();
    for (face, stand_in, family) in [
        (Face::Text, "FangSong", "modern"),
        (Face::Second, "KaiTi", "modern"),
        (Face::First, "SimHei", "modern"),
        (Face::Title, "华文中宋", "auto"),
        (Face::Small, "SimSun", "auto"),
    ] {
        let name = fonts.of(face);
        if seen.insert(name) {
            let name = escaped(name);
            add(
                &mut table,
                format_args!(
                    "<w:font w:name=\"{name}\"><w:altName w:val=\"{stand_in}\"/><w:charset w:val=\"86\"/>\
                 <w:family w:val=\"{family}\"/><w:pitch w:val=\"variable\"/></w:font>"
                ),
            );
        }
    }
    table.push_str("</w:fonts>");
    table
}

/// No text refers to the theme; it is there for the programs that miss one.
fn theme(fonts: &Fonts) -> String {
    let colour = |name: &str, value: &str| format!("<a:{name}><a:srgbClr val=\"{value}\"/></a:{name}>");
    let colours = [
        ("dk1", "000000"),
        ("lt1", "FFFFFF"),
        ("dk2", "1F3864"),
        ("lt2", "E7E6E6"),
        ("accent1", "4472C4"),
        ("accent2", "ED7D31"),
        ("accent3", "A5A5A5"),
        ("accent4", "FFC000"),
        ("accent5", "5B9BD5"),
        ("accent6", "70AD47"),
        ("hlink", "1F3864"),
        ("folHlink", "1F3864"),
    ]
    .map(|(name, value)| colour(name, value))
    .concat();
    let face = escaped(fonts.of(Face::Text));
    let faces =
        format!("<a:latin typeface=\"{face}\"/><a:ea typeface=\"{face}\"/><a:cs typeface=\"{face}\"/>");
    let fill = "<a:solidFill><a:schemeClr val=\"phClr\"/></a:solidFill>";
    let line = format!("<a:ln w=\"6350\">{fill}</a:ln>");
    let effect = "<a:effectStyle><a:effectLst/></a:effectStyle>";
    format!(
        "{DECLARATION}<a:theme xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
         name=\"公文\"><a:themeElements><a:clrScheme name=\"公文\">{colours}</a:clrScheme>\
         <a:fontScheme name=\"公文\"><a:majorFont>{faces}</a:majorFont><a:minorFont>{faces}</a:minorFont>\
         </a:fontScheme><a:fmtScheme name=\"公文\"><a:fillStyleLst>{}</a:fillStyleLst>\
         <a:lnStyleLst>{}</a:lnStyleLst><a:effectStyleLst>{}</a:effectStyleLst>\
         <a:bgFillStyleLst>{}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>",
        fill.repeat(3),
        line.repeat(3),
        effect.repeat(3),
        fill.repeat(3)
    )
}

const CONTENT_TYPES: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
    r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">"#,
    r#"<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>"#,
    r#"<Default Extension="xml" ContentType="application/xml"/>"#,
    r#"<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>"#,
    r#"<Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/>"#,
    r#"<Override PartName="/word/settings.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"/>"#,
    r#"<Override PartName="/word/fontTable.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.fontTable+xml"/>"#,
    r#"<Override PartName="/word/footer1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/>"#,
    r#"<Override PartName="/word/footer2.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/>"#,
    r#"<Override PartName="/word/comments.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"/>"#,
    r#"<Override PartName="/word/theme/theme1.xml" ContentType="application/vnd.openxmlformats-officedocument.theme+xml"/>"#,
    r#"<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>"#,
    r#"<Override PartName="/docProps/app.xml" ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/>"#,
    "</Types>"
);

const PACKAGE_RELATIONS: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
    r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">"#,
    r#"<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>"#,
    r#"<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/>"#,
    r#"<Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/extended-properties" Target="docProps/app.xml"/>"#,
    "</Relationships>"
);

const DOCUMENT_RELATIONS: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
    r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">"#,
    r#"<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>"#,
    r#"<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/settings" Target="settings.xml"/>"#,
    r#"<Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/fontTable" Target="fontTable.xml"/>"#,
    r#"<Relationship Id="rId4" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer" Target="footer1.xml"/>"#,
    r#"<Relationship Id="rId5" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer" Target="footer2.xml"/>"#,
    r#"<Relationship Id="rId7" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments" Target="comments.xml"/>"#,
    r#"<Relationship Id="rId6" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/theme" Target="theme/theme1.xml"/>"#,
    "</Relationships>"
);

const APPLICATION: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
    r#"<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">"#,
    "<Application>Microsoft Office Word</Application></Properties>"
);
