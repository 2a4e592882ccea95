//! Which names a template may use, and what to say of others.

use super::fault::{Fault, shown};
use super::layout::paths;
use super::near::nearest;
use super::scan::Found;
use super::tag::{Compare, Operand, Path, Word};
use crate::model::form::{NUMBER, TERMS, TermKind, list_fields, term};

/// A placeholder as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placeholder {
    /// As it was typed, with its braces.
    pub text: String,
    /// `正文第3段`.
    pub place: String,
    /// What it does.
    pub kind: PlaceholderKind,
    /// The names in it that the vocabulary does not have, each with the nearest ones that it has.
    pub unknown: Vec<(String, Vec<String>)>,
}

/// What a placeholder does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PlaceholderKind {
    /// A value is filled in.
    Value,
    /// What follows is repeated.
    Loop,
    /// What follows is kept or left out.
    Condition,
    /// A generated section.
    Section,
}

impl PlaceholderKind {
    /// The word for a reader.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Value => "填入",
            Self::Loop => "重复",
            Self::Condition => "取舍",
            Self::Section => "段落",
        }
    }
}

/// What has been asked for so far.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub placeholders: Vec<Placeholder>,
    /// Names of values, lists and sections that were found and are known.
    pub used: Vec<(&'static str, bool)>,
}

/// Lists around a placeholder, innermost first: list, name of its entry.
type Loops<'l> = [(&'l str, &'l str)];

impl Names {
    /// The list whose entries a field asks for without standing in a loop over it.
    #[expect(clippy::unused_self, reason = "names of one vocabulary")]
    pub(super) fn list_of<'p>(&self, path: &'p Path, loops: &Loops<'_>) -> Option<&'p str> {
        let of = path.of.as_deref()?;
        let bound = loops.iter().any(|(list, entry)| *list == of || *entry == of);
        (!bound && list_fields(of).is_some()).then_some(of)
    }

    /// Lists a placeholder and tells what is unknown in it.
    pub(super) fn check(
        &mut self,
        tag: &Found,
        loops: &Loops<'_>,
        row: Option<&str>,
        faults: &mut Vec<Fault>,
    ) {
        let mut unknown = Vec::new();
        let mut tell = |message: String, advice: String| {
            faults.push(Fault::new(&tag.place, message, advice).at(tag.start));
        };
        let kind = match &tag.word {
            Word::Value(_) => PlaceholderKind::Value,
            Word::Section(_) => PlaceholderKind::Section,
            Word::Each { .. } => PlaceholderKind::Loop,
            Word::If(_) | Word::ElseIf(_) => PlaceholderKind::Condition,
            Word::Else | Word::End => return,
        };
        match &tag.word {
            Word::Section(name) => match term(name, true) {
                Some(term) => self.used.push((term.name, true)),
                None => unknown.push((name.clone(), near(name, sections()))),
            },
            Word::Each { list, .. } => match term(list, false) {
                Some(term) if term.kind != TermKind::Value => self.used.push((term.name, false)),
                Some(_) => tell(
                    format!("“{}”里的“{list}”只是一个值，不能逐项重复", tag.written),
                    format!("可以重复的有：{}", lists().collect::<Vec<_>>().join("、")),
                ),
                None => unknown.push((list.clone(), near(list, lists()))),
            },
            _ => {}
        }
        for path in paths(&tag.word) {
            match known(path, loops, row) {
                Known::Field => {}
                Known::Term(name) => {
                    self.used.push((name, false));
                    let shows_list = matches!(tag.word, Word::Value(_)) && list_fields(name).is_some();
                    if path.of.is_none() && shows_list {
                        let field = list_fields(name).and_then(|fields| fields.get(1)).map_or("", |f| f.0);
                        tell(
                            format!("“{}”里的“{name}”有许多项，不能填在一处", tag.written),
                            format!(
                                "请在表格的一行里写“{{{{{name}.{field}}}}}”等，或写“{{{{每项 {name}}}}}”"
                            ),
                        );
                    }
                }
                Known::OnlyValue(name) => tell(
                    format!("“{}”里的“{name}”只是一个值，后面不能带“.”", tag.written),
                    format!("请写成“{{{{{name}}}}}”"),
                ),
                Known::No(near) => unknown.push((written(path), near)),
            }
            if is_text(&tag.word, path) {
                unknown.retain(|(name, _)| *name != written(path));
            }
        }
        for (name, near) in &unknown {
            let advice = if near.is_empty() {
                "可用的名称见 shuzhi template 列出的名称表".to_owned()
            } else {
                format!("是不是{}？", near.iter().map(|n| format!("“{n}”")).collect::<Vec<_>>().join("或"))
            };
            tell(format!("“{}”里的“{}”不是可用的名称", tag.written, shown(name)), advice);
        }
        if !tag.copy {
            let unknown = unknown.into_iter().map(|(name, near)| (shown(&name), near)).collect();
            let (text, place) = (tag.written.clone(), tag.place.clone());
            self.placeholders.push(Placeholder { text, place, kind, unknown });
        }
    }
}

enum Known {
    /// A field of an entry.
    Field,
    /// A value or list; for a field of a row, its list.
    Term(&'static str),
    OnlyValue(&'static str),
    No(Vec<String>),
}

fn known(path: &Path, loops: &Loops<'_>, row: Option<&str>) -> Known {
    let has = |list: &str, field: &str| {
        list_fields(list).is_some_and(|fields| fields.iter().any(|(name, _)| *name == field))
    };
    let name = path.name.as_str();
    let Some(of) = path.of.as_deref() else {
        if loops.iter().any(|(list, _)| has(list, name)) || name == NUMBER && row.is_some() {
            return Known::Field;
        }
        return match term(name, false) {
            Some(term) => Known::Term(term.name),
            None if term(name, true).is_some() => Known::No(vec![format!("段落：{name}")]),
            None => Known::No(near_name(name, loops)),
        };
    };
    let list = loops.iter().find(|(list, entry)| *list == of || *entry == of).map_or(of, |(list, _)| list);
    match term(list, false) {
        Some(term) if list_fields(list).is_none() => Known::OnlyValue(term.name),
        Some(term) if has(list, name) => Known::Term(term.name),
        Some(_) => Known::No(near(name, fields(list)).into_iter().map(|n| format!("{of}.{n}")).collect()),
        None => Known::No(near(of, lists()).into_iter().map(|n| format!("{n}.{name}")).collect()),
    }
}

fn near_name(name: &str, loops: &Loops<'_>) -> Vec<String> {
    let inner = loops.iter().flat_map(|(list, _)| fields(list));
    let mut found = near(name, inner.chain(values()).chain(lists()));
    // The field of a list, without its list.
    let of_lists = lists().filter(|list| fields(list).any(|field| field == name));
    let dotted: Vec<String> = of_lists.map(|list| format!("{list}.{name}")).collect();
    found.splice(0..0, dotted);
    found.truncate(4);
    found
}

/// Whether what looks like a name is a text to compare with: `等次 = 优秀`.
fn is_text(word: &Word, path: &Path) -> bool {
    let (Word::If(condition) | Word::ElseIf(condition)) = word else { return false };
    path.of.is_none()
        && condition.0.iter().flatten().any(|test| {
            let text = matches!(&test.compare, Some((Compare::Equal | Compare::Unequal, Operand::Name(name))) if name == path);
            text && test.path != *path
        })
}

fn written(path: &Path) -> String {
    path.of.as_ref().map_or_else(|| path.name.clone(), |of| format!("{of}.{}", path.name))
}

fn near<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> Vec<String> {
    nearest(name, names).into_iter().map(str::to_owned).collect()
}

fn of_kind(wanted: fn(TermKind) -> bool) -> impl Iterator<Item = &'static str> {
    TERMS.iter().filter(move |term| wanted(term.kind)).map(|term| term.name)
}

fn values() -> impl Iterator<Item = &'static str> {
    of_kind(|kind| kind == TermKind::Value)
}

fn lists() -> impl Iterator<Item = &'static str> {
    of_kind(|kind| matches!(kind, TermKind::List(_)))
}

fn sections() -> impl Iterator<Item = &'static str> {
    of_kind(|kind| kind == TermKind::Section)
}

fn fields(list: &str) -> impl Iterator<Item = &'static str> + use<> {
    list_fields(list).unwrap_or(&[]).iter().map(|(name, _)| *name)
}
