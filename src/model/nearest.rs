//! The known name that a mistyped one most likely means.

use std::cmp::Reverse;

/// Of some known names the one that shares most characters with what was written, the shorter
/// difference first; none where nothing is in common.
pub fn nearest<'k>(written: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let common = |name: &str| written.chars().filter(|c| name.contains(*c)).count();
    let apart = |name: &str| name.chars().count().abs_diff(written.chars().count());
    known.filter(|name| common(name) > 0).min_by_key(|name| (Reverse(common(name)), apart(name)))
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_finds_its_name() {
        let known = ["单位", "单位名称", "活动数"];
        assert_eq!(nearest("单位名", known.into_iter()), Some("单位名称"));
        assert_eq!(nearest("活动书", known.into_iter()), Some("活动数"));
        assert_eq!(nearest("得分", known.into_iter()), None);
    }
}
