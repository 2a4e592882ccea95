//! The reference data: whole, canonical, and refused with a clear word where it is broken.

use sha2::{Digest, Sha256};
use shuzhi::model::{Class, DutyList, Period, Points, Requirement};
use shuzhi::seeds::{Catalogue, duty_lists, requirements, schemes};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// The first line in which a seed file, without its comments, differs from the canonical text.
fn difference(file: &str, canonical: &str) -> Option<(String, String)> {
    let mut kept = file.lines().filter(|line| !line.starts_with('#')).skip_while(|line| line.is_empty());
    let mut canonical = canonical.lines();
    loop {
        match (kept.next(), canonical.next()) {
            (None, None) => return None,
            (a, b) if a == b => {}
            (a, b) => return Some((a.unwrap_or("(end)").to_owned(), b.unwrap_or("(end)").to_owned())),
        }
    }
}

#[test]
fn the_built_in_lists_are_the_recorded_text() {
    let digest = Sha256::digest(duty_lists::BUILTIN_TEXT.as_bytes());
    let hash = digest.iter().fold(String::new(), |mut hash, byte| {
        let _ = write!(hash, "{byte:02x}");
        hash
    });
    assert_eq!(hash, "5e82e71e88fde5040d93d275b51c9e99733a0da092f4eb6a0edbfdec8e8f0891");
}

fn written_out(lists: &[DutyList]) -> String {
    let mut text = String::new();
    for list in lists {
        let _ = writeln!(text, "{}", list.title);
        for line in &list.preamble {
            let _ = writeln!(text, "{line}");
        }
        let mut category = None;
        for item in &list.items {
            if item.category != category {
                category = item.category;
                if let Some(c) = category.and_then(|at| list.categories.get(at)) {
                    let _ = writeln!(text, "{}、{}", c.label, c.name);
                }
            }
            let _ = writeln!(text, "{}.{}", item.number, item.text);
        }
    }
    text
}

#[test]
fn reading_the_built_in_lists_loses_no_line() {
    let lists = duty_lists::builtin().unwrap();
    let text: String = duty_lists::BUILTIN_TEXT
        .lines()
        .map(str::trim)
        .filter(|l| !l.is_empty())
        .fold(String::new(), |t, l| t + l + "\n");
    assert_eq!(written_out(&lists), text);
    let shape: Vec<_> =
        lists.iter().map(|l| (l.id.as_str(), l.role.as_str(), l.categories.len(), l.items.len())).collect();
    assert_eq!(
        shape,
        [
            ("DZ", "党组书记", 4, 17),
            ("JW", "机关党委书记", 5, 23),
            ("CY", "党组成员和局领导", 0, 5),
            ("ZB", "党支部书记", 0, 7)
        ]
    );
    for list in &lists {
        for (number, item) in (1..).zip(&list.items) {
            assert_eq!(item.id.as_str(), format!("{}-{number}", list.id));
        }
    }
}

#[test]
fn the_catalogue_holds_together() {
    let catalogue = Catalogue::builtin().unwrap();
    assert_eq!(catalogue.lists.iter().map(|l| l.items.len()).sum::<usize>(), 52);
    let ids: BTreeSet<_> = catalogue.requirements.iter().map(|r| &r.id).collect();
    assert_eq!(ids.len(), catalogue.requirements.len());
    let scheme = catalogue.scheme("").unwrap();
    for list in &catalogue.lists {
        assert_eq!(
            scheme.points_for(&list.id).values().copied().sum::<Points>(),
            schemes::FULL,
            "{}",
            list.id
        );
    }
    let countable: Points = ["a", "b", "c", "d", "e", "f"]
        .iter()
        .map(|l| scheme.points[&format!("ZB-3{l}").as_str().into()])
        .sum();
    assert_eq!(countable, Points::whole(40));
}

#[test]
fn every_seed_file_is_in_canonical_form() {
    let catalogue = Catalogue::builtin().unwrap();
    for (list, file, text) in requirements::BUILTIN {
        let of_list: Vec<Requirement> = catalogue
            .requirements
            .iter()
            .filter(|r| schemes::list_of(&r.id).as_str() == list)
            .cloned()
            .collect();
        assert_eq!(difference(text, &requirements::canonical(&of_list)), None, "{file}");
    }
    let scheme = catalogue.scheme("缺省").unwrap();
    assert_eq!(difference(schemes::BUILTIN.1, &schemes::canonical(scheme)), None);
}

#[test]
fn the_demands_of_the_branch_secretary_are_those_of_the_list() {
    let catalogue = Catalogue::builtin().unwrap();
    let find = |id: &str| catalogue.requirements.iter().find(|r| r.id.as_str() == id).unwrap();
    for (id, class, period, minimum) in [
        ("ZB-2a", Class::Counted, Period::Half, 1),
        ("ZB-3a", Class::Counted, Period::Month, 1),
        ("ZB-3b", Class::Counted, Period::Month, 1),
        ("ZB-3c", Class::Counted, Period::Month, 1),
        ("ZB-3d", Class::Counted, Period::Month, 1),
        ("ZB-3e", Class::Counted, Period::Quarter, 1),
        ("ZB-3f", Class::Counted, Period::Year, 1),
        ("ZB-4a", Class::Calendar, Period::Year, 1),
        ("JW-17a", Class::Counted, Period::Year, 12),
    ] {
        let r = find(id);
        assert_eq!((r.class, r.period, r.minimum), (class, period, minimum), "{id}");
    }
    assert!(find("ZB-3f").counts.by_secretary && find("ZB-3g").counts.recorder);
    for r in catalogue.requirements.iter().filter(|r| r.class == Class::Interval) {
        assert!(!r.limits.is_empty(), "{}", r.id);
    }
}
