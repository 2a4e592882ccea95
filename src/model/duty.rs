//! Duty lists (责任清单): whose they are, and their numbered items.

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub std::sync::Arc<str>);

        impl $name {
            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(std::sync::Arc::from(id))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}
pub(crate) use text_id;

text_id! {
    /// The short name of a duty list: `ZB`, `JW`, `DZ`, `CY`, or one that the office chose.
    ListId
}
text_id! {
    /// The name of a duty item: list and number, such as `ZB-3`.
    ItemId
}

/// A duty list as the office wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DutyList {
    /// Short name, unique among the lists in use.
    pub id: ListId,
    /// Title line, word for word.
    pub title: String,
    /// Whose duties these are: 党支部书记, 机关党委书记 …, taken from the title.
    pub role: String,
    /// Lines that are no title, category or item (an introduction, a signature), word for word; often none.
    pub preamble: Vec<String>,
    /// Categories in order; empty where the list has none.
    pub categories: Vec<Category>,
    /// Items in order.
    pub items: Vec<DutyItem>,
}

impl DutyList {
    /// The item of this name.
    #[must_use]
    pub fn item(&self, id: &ItemId) -> Option<&DutyItem> {
        self.items.iter().find(|item| item.id == *id)
    }
}

/// A heading inside a duty list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// The label as written: `一`.
    pub label: String,
    /// The name without label: `领导责任`.
    pub name: String,
}

/// One numbered duty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DutyItem {
    /// Name, from list and number.
    pub id: ItemId,
    /// Number as written.
    pub number: u32,
    /// Index into the list's categories.
    pub category: Option<usize>,
    /// Text without the number, word for word.
    pub text: String,
    /// The line (txt), paragraph (docx) or row (xlsx) in which it stands, from 1.
    pub line: u32,
}

impl DutyItem {
    /// The first clause, for headings and narrow columns: up to the first `。`, or `，` where that is long.
    #[must_use]
    pub fn short(&self) -> &str {
        let sentence = self.text.split('。').next().unwrap_or(&self.text);
        if sentence.chars().count() <= 24 {
            return sentence;
        }
        let mut clauses = sentence.split(['，', '；']);
        let first = clauses.next().unwrap_or(sentence);
        // 按照…要求 says on whose word, not what is to be done.
        let on_whose_word = ["按照", "根据", "结合"].iter().any(|word| first.starts_with(word));
        let clause = clauses.next().filter(|_| on_whose_word).unwrap_or(first);
        if clause.chars().count() <= 40 {
            return clause;
        }
        clause.char_indices().nth(40).map_or(clause, |(at, _)| &clause[..at])
    }
}
