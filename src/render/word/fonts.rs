//! The faces of a document and how each of its styles is set, as GB/T 9704-2012 wants it.
//!
//! In: the names of the faces. Out: the table of styles. Never here: XML.

/// The faces of a document by their part in it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Fonts {
    /// Text and headings of the third and fourth level.
    pub text: String,
    /// Headings of the second level.
    pub second_heading: String,
    /// Headings of the first level, labels of attachments, heads of tables.
    pub first_heading: String,
    /// Titles.
    pub title: String,
    /// Page numbers and tables.
    pub small: String,
}

impl Default for Fonts {
    /// The faces that the standard names; where one is not installed the document names a stand-in.
    fn default() -> Self {
        Self {
            text: "仿宋".into(),
            second_heading: "楷体".into(),
            first_heading: "黑体".into(),
            title: "方正小标宋简体".into(),
            small: "宋体".into(),
        }
    }
}

/// Two characters of 三号 in twips.
pub(super) const TWO_CHARACTERS: i32 = 640;
/// One line of the page's 22 in twips.
pub(super) const LINE: u32 = 579;

/// A style of paragraphs, each at its place in the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Style {
    Title,
    Recipient,
    Heading1,
    Heading2,
    Heading3,
    Heading4,
    Body,
    Caption,
    TableHead,
    TableText,
    TableTextSmall,
    TableHeadSmall,
    TableGap,
    AttachmentNote,
    AttachmentLabel,
    AttachmentTitle,
    Signature,
    Footer,
}

/// Which face a style takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Face {
    Text,
    Second,
    First,
    Title,
    Small,
}

/// How the lines of a paragraph lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lie {
    Left,
    Both,
    Centre,
    Right,
}

/// What a style is made of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setting {
    pub style: Style,
    /// Name inside the file; those in English are built in and shown in the reader's own language.
    pub id: &'static str,
    pub name: &'static str,
    pub face: Face,
    /// Half points.
    pub size: usize,
    pub lie: Lie,
    /// Exact line pitch in twips.
    pub line: u32,
    /// Space before and after in twips.
    pub around: (u32, u32),
    pub two_characters: bool,
    pub keep_next: bool,
    /// Level in the navigation pane, from 0.
    pub outline: Option<usize>,
    /// Whether text follows it when the author goes on writing.
    pub leads: bool,
}

const PLAIN: Setting = Setting {
    style: Style::Body,
    id: "",
    name: "",
    face: Face::Text,
    size: 32,
    lie: Lie::Both,
    line: LINE,
    around: (0, 0),
    two_characters: false,
    keep_next: false,
    outline: None,
    leads: false,
};

const HEADING: Setting = Setting { two_characters: true, keep_next: true, leads: true, ..PLAIN };
const CELL: Setting = Setting { face: Face::Small, lie: Lie::Left, ..PLAIN };

/// Every style in the order of [`Style`].
pub(super) const SETTINGS: [Setting; 18] = [
    Setting {
        style: Style::Title,
        id: "Title",
        name: "Title",
        face: Face::Title,
        size: 44,
        lie: Lie::Centre,
        line: 700,
        around: (0, LINE),
        leads: true,
        ..PLAIN
    },
    Setting {
        style: Style::Recipient, id: "Recipient", name: "主送", lie: Lie::Left, leads: true, ..PLAIN
    },
    Setting {
        style: Style::Heading1,
        id: "Heading1",
        name: "heading 1",
        face: Face::First,
        outline: Some(0),
        ..HEADING
    },
    Setting {
        style: Style::Heading2,
        id: "Heading2",
        name: "heading 2",
        face: Face::Second,
        outline: Some(1),
        ..HEADING
    },
    Setting { style: Style::Heading3, id: "Heading3", name: "heading 3", outline: Some(2), ..HEADING },
    Setting { style: Style::Heading4, id: "Heading4", name: "heading 4", outline: Some(3), ..HEADING },
    Setting { style: Style::Body, id: "BodyText", name: "Body Text", two_characters: true, ..PLAIN },
    Setting {
        style: Style::Caption,
        id: "Caption",
        name: "caption",
        face: Face::First,
        size: 24,
        lie: Lie::Centre,
        line: 480,
        keep_next: true,
        ..PLAIN
    },
    Setting {
        style: Style::TableHead,
        id: "TableHead",
        name: "表头",
        face: Face::First,
        size: 24,
        lie: Lie::Centre,
        line: 340,
        keep_next: true,
        ..CELL
    },
    Setting { style: Style::TableText, id: "TableText", name: "表格文字", size: 24, line: 340, ..CELL },
    Setting {
        style: Style::TableTextSmall,
        id: "TableTextSmall",
        name: "表格小字",
        size: 21,
        line: 300,
        ..CELL
    },
    Setting {
        style: Style::TableHeadSmall,
        id: "TableHeadSmall",
        name: "表头小字",
        face: Face::First,
        size: 21,
        lie: Lie::Centre,
        line: 300,
        keep_next: true,
        ..CELL
    },
    Setting { style: Style::TableGap, id: "TableGap", name: "表后空行", size: 2, line: 200, ..CELL },
    Setting {
        style: Style::AttachmentNote, id: "AttachmentNote", name: "附件说明", lie: Lie::Left, ..PLAIN
    },
    Setting {
        style: Style::AttachmentLabel,
        id: "AttachmentLabel",
        name: "附件序号",
        face: Face::First,
        lie: Lie::Left,
        keep_next: true,
        ..PLAIN
    },
    Setting {
        style: Style::AttachmentTitle,
        id: "AttachmentTitle",
        name: "附件标题",
        face: Face::Title,
        size: 44,
        lie: Lie::Centre,
        line: 700,
        around: (LINE, LINE / 2),
        leads: true,
        keep_next: true,
        outline: Some(0),
        ..PLAIN
    },
    Setting { style: Style::Signature, id: "Signature", name: "Signature", lie: Lie::Right, ..PLAIN },
    Setting {
        style: Style::Footer,
        id: "Footer",
        name: "footer",
        face: Face::Small,
        size: 28,
        lie: Lie::Left,
        line: 320,
        ..PLAIN
    },
];

impl Style {
    /// How the style is set.
    pub(super) fn setting(self) -> Setting {
        SETTINGS.get(self as usize).copied().unwrap_or(PLAIN)
    }
}

impl Fonts {
    pub(super) fn of(&self, face: Face) -> &str {
        match face {
            Face::Text => &self.text,
            Face::Second => &self.second_heading,
            Face::First => &self.first_heading,
            Face::Title => &self.title,
            Face::Small => &self.small,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_style_stands_at_its_own_place() {
        for (index, setting) in SETTINGS.iter().enumerate() {
            assert_eq!(setting.style as usize, index, "{}", setting.id);
            assert_eq!(setting.style.setting().id, setting.id);
        }
    }
}
