//! Which unit a name means: the register, its aliases, and a stated rule for short forms.
//!
//! Two names mean the same unit where they are equal after width, blanks, the bureau's name, 中共,
//! 第, and the difference between 党支部 and 支部, 1 and 一 are set aside. Failing that, a name that
//! contains the other (at least three characters) is a guess, taken only where a single unit fits.

use super::counties::{self, Counties};
use crate::model::{ListId, Unit, UnitName};
use crate::seeds::text::fold;
use std::collections::BTreeMap;

/// What a name was found to mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Resolution {
    /// This unit, by name, alias or short form.
    Known(usize),
    /// Most likely this unit; a person should look.
    Guessed(usize),
    /// Several units would fit equally, or none does.
    Unknown,
}

/// The units of a run.
#[derive(Debug, Clone)]
pub struct Units {
    all: Vec<Unit>,
    bureau: String,
    by_key: BTreeMap<String, Vec<usize>>,
    /// Whether only registered units take part.
    closed: bool,
    list: ListId,
    /// What a person has confirmed: by the name's key and, where it holds in one place only, by folder.
    confirmed: BTreeMap<(String, Option<String>), String>,
    /// The counties whose folders narrow what a name can mean.
    counties: Counties,
}

/// The folder or archive, right among the submissions, in which a file lies; empty where it lies in none.
pub(super) fn folder_of(file: &str) -> &str {
    file.split_once('/').map_or("", |(folder, _)| folder)
}

impl Units {
    /// The registered units; where there are none, units are added as names appear.
    #[must_use]
    pub fn new(units: Vec<Unit>, bureau: &str, list: &ListId) -> Self {
        let closed = !units.is_empty();
        let mut all = Self {
            all: Vec::new(),
            bureau: fold(bureau),
            by_key: BTreeMap::new(),
            closed,
            list: list.clone(),
            confirmed: BTreeMap::new(),
            counties: Counties::of(&units),
        };
        for unit in units {
            all.push(unit);
        }
        all
    }

    fn push(&mut self, mut unit: Unit) -> usize {
        if unit.list.as_str().is_empty() {
            unit.list = self.list.clone();
        }
        let at = self.all.len();
        for name in std::iter::once(unit.name.to_string()).chain(unit.aliases.iter().cloned()) {
            let places = self.by_key.entry(self.key(&name)).or_default();
            if !places.contains(&at) {
                places.push(at);
            }
        }
        self.all.push(unit);
        at
    }

    /// All units, the registered ones first in the order of the register.
    #[must_use]
    pub fn all(&self) -> &[Unit] {
        &self.all
    }

    /// Whether only registered units take part.
    #[must_use]
    pub fn closed(&self) -> bool {
        self.closed
    }

    /// The unit that a name means wherever it stands.
    #[must_use]
    pub fn resolve(&self, name: &str) -> Resolution {
        self.resolve_in(name, None)
    }

    /// The unit that a name means in a file: what a person has confirmed, else what it says.
    #[must_use]
    pub fn resolve_in(&self, name: &str, file: Option<&str>) -> Resolution {
        match self.confirmed(name, file) {
            Some(unit) => self.written(unit),
            None => self.written_in(name, file),
        }
    }

    /// What a name means in a file: in the folder of a county first of all one of its units.
    fn written_in(&self, name: &str, file: Option<&str>) -> Resolution {
        let county = file.and_then(|file| self.counties.of_file(file).county());
        let Some(county) = county else { return self.written(name) };
        let of_it = |at: &usize| self.all.get(*at).is_some_and(|unit| counties::is_of(unit, &county));
        // Under its full name also a unit of which the register does not say whose it is.
        let open =
            |at: &usize| self.all.get(*at).is_some_and(|unit| unit.county_of.is_none() && !unit.county);
        let key = self.key(name);
        let full =
            self.counties.beginnings(&county).into_iter().map(|start| (self.key(&(start + name)), true));
        for (key, full) in std::iter::once((key.clone(), false)).chain(full) {
            let known = self.by_key.get(&key).into_iter().flatten();
            let known: Vec<usize> = known.copied().filter(|at| of_it(at) || (full && open(at))).collect();
            if let [unit] = known.as_slice() {
                return Resolution::Known(*unit);
            }
        }
        let anywhere = self.written(name);
        if matches!(anywhere, Resolution::Known(_)) || key.chars().count() < 3 {
            return anywhere;
        }
        let fitting = self.fitting(&key).into_iter().filter(of_it).filter(|at| self.may_mean(name, *at));
        match fitting.collect::<Vec<_>>().as_slice() {
            [unit] => Resolution::Guessed(*unit),
            _ => anywhere,
        }
    }

    /// Whether a name that only resembles a unit's can mean it: that of a branch is no county bureau that has
    /// branches in the register.
    pub(super) fn may_mean(&self, name: &str, unit: usize) -> bool {
        let unit = self.all.get(unit);
        !counties::says_branch(name) || unit.is_none_or(|unit| !counties::has_branches(unit, &self.all))
    }

    /// Says that a unit belongs to a county.
    pub(super) fn set_county(&mut self, unit: usize, county: UnitName) {
        if let Some(unit) = self.all.get_mut(unit) {
            unit.county_of = Some(county);
        }
    }

    /// Takes a person's word for what a name means, everywhere or in one folder only.
    pub(super) fn confirm(&mut self, name: &str, folder: Option<&str>, unit: &str) {
        let key = (self.key(name), folder.map(str::to_owned));
        self.confirmed.insert(key, unit.to_owned());
    }

    /// Whether a person has said what a name means in a file.
    pub(super) fn is_confirmed(&self, name: &str, file: Option<&str>) -> bool {
        self.confirmed(name, file).is_some()
    }

    fn confirmed(&self, name: &str, file: Option<&str>) -> Option<&str> {
        if self.confirmed.is_empty() {
            return None;
        }
        let key = self.key(name);
        let here = file.and_then(|file| self.confirmed.get(&(key.clone(), Some(folder_of(file).to_owned()))));
        here.or_else(|| self.confirmed.get(&(key, None))).map(String::as_str)
    }

    /// The unit that a name means by register, alias or likeness, whatever a person has confirmed.
    pub(super) fn written(&self, name: &str) -> Resolution {
        let key = self.key(name);
        if key.is_empty() {
            return Resolution::Unknown;
        }
        match self.by_key.get(&key).map(Vec::as_slice) {
            Some([unit]) => return Resolution::Known(*unit),
            Some(_) => return Resolution::Unknown,
            None => {}
        }
        match self.fitting(&key).as_slice() {
            [unit] if self.closed && self.may_mean(name, *unit) => Resolution::Guessed(*unit),
            _ => Resolution::Unknown,
        }
    }

    /// The units of which a name holds the key, or whose key holds it, at least three characters long.
    fn fitting(&self, key: &str) -> Vec<usize> {
        let long = |text: &str| text.chars().count() >= 3;
        let mut fitting: Vec<usize> = self
            .by_key
            .iter()
            .filter(|(other, _)| {
                (long(other) && key.contains(other.as_str())) || (long(key) && other.contains(key))
            })
            .flat_map(|(_, units)| units.iter().copied())
            .collect();
        fitting.sort_unstable();
        fitting.dedup();
        fitting
    }

    /// The unit that a name means, added where units are not closed and the name is new.
    pub fn resolve_or_add(&mut self, name: &str) -> Resolution {
        self.resolve_or_add_in(name, None)
    }

    /// The same for a name in a file.
    pub fn resolve_or_add_in(&mut self, name: &str, file: Option<&str>) -> Resolution {
        let found = self.resolve_in(name.trim(), file);
        let name = self.confirmed(name, file).unwrap_or(name).trim().to_owned();
        match found {
            Resolution::Unknown if !self.closed && !name.is_empty() => {
                let unit = Unit::named(name, self.list.clone());
                Resolution::Known(self.push(unit))
            }
            found => found,
        }
    }

    /// The form in which names are compared.
    pub(super) fn key(&self, name: &str) -> String {
        let folded = fold(name);
        let own = if self.bureau.is_empty() { folded } else { folded.replace(&self.bureau, "") };
        let own = own
            .replace("中国共产党", "")
            .replace("中共", "")
            .replace("党支部", "支部")
            .replace("支部委员会", "支部");
        own.chars()
            .filter(|c| {
                !matches!(c, '第' | '（' | '）' | '(' | ')' | '《' | '》' | '“' | '”' | '"' | '-' | '_' | '·')
            })
            .map(|c| match c {
                '1' => '一',
                '2' => '二',
                '3' => '三',
                '4' => '四',
                '5' => '五',
                '6' => '六',
                '7' => '七',
                '8' => '八',
                '9' => '九',
                other => other,
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn register() -> Units {
        let unit = |name: &str, aliases: &[&str]| Unit {
            aliases: aliases.iter().map(ToString::to_string).collect(),
            ..Unit::named(name, ListId::from("ZB"))
        };
        let units = vec![
            unit("机关第一党支部", &["一支部"]),
            unit("机关第二党支部", &["二支部"]),
            unit("水文监测站党支部", &[]),
        ];
        Units::new(units, "青岚市水务局", &ListId::from("ZB"))
    }

    #[test]
    fn names_in_changing_forms_mean_one_unit() {
        let units = register();
        for (name, found) in [
            ("机关第一党支部", Resolution::Known(0)),
            ("青岚市水务局机关第一党支部", Resolution::Known(0)),
            ("中共青岚市水务局机关第一支部委员会", Resolution::Known(0)),
            ("机关一支部", Resolution::Known(0)),
            ("机关 1 支部", Resolution::Known(0)),
            ("一支部", Resolution::Known(0)),
            ("水文监测站", Resolution::Guessed(2)),
            ("机关", Resolution::Unknown),
            ("支部", Resolution::Unknown),
            ("", Resolution::Unknown),
            ("河道管理所党支部", Resolution::Unknown),
        ] {
            assert_eq!(units.resolve(name), found, "{name}");
        }
    }

    #[test]
    fn without_a_register_names_make_units() {
        let mut units = Units::new(Vec::new(), "", &ListId::from("ZB"));
        assert_eq!(units.resolve_or_add("甲村党支部"), Resolution::Known(0));
        assert_eq!(units.resolve_or_add("甲村支部"), Resolution::Known(0));
        assert_eq!(units.resolve_or_add("乙村党支部"), Resolution::Known(1));
        assert_eq!(units.all().len(), 2);
    }
}
