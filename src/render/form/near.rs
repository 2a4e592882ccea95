//! The known names that are nearest to a written one.

/// How many are told.
const TOLD: usize = 3;
/// Longer names are no slip of the pen.
const LONGEST: usize = 40;

/// At most three names, the nearest first: those that contain the written one or stand in it, then those that
/// few strokes set apart; none where nothing is near.
pub(super) fn nearest<'n>(written: &str, names: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let letters: Vec<char> = written.chars().take(LONGEST + 1).collect();
    let mut near: Vec<(usize, usize, &str)> = names
        .enumerate()
        .filter_map(|(at, name)| {
            let inside = !written.is_empty() && (name.contains(written) || written.contains(name));
            let of_name: Vec<char> = name.chars().collect();
            let apart = strokes(&letters, &of_name);
            let longest = letters.len().max(of_name.len());
            let common = of_name.iter().any(|c| letters.contains(c));
            (inside || common && apart * 2 <= longest.max(2))
                .then(|| (if inside { apart.min(1) } else { apart }, at, name))
        })
        .collect();
    near.sort_unstable();
    let mut names: Vec<&str> = near.into_iter().map(|(.., name)| name).collect();
    names.dedup();
    names.truncate(TOLD);
    names
}

/// How many characters are to be put in, taken out or replaced.
fn strokes(one: &[char], two: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=two.len()).collect();
    for (at, a) in one.iter().enumerate() {
        let mut corner = at;
        let mut left = at + 1;
        for (above, b) in row.iter_mut().skip(1).zip(two) {
            let best = (left + 1).min(*above + 1).min(corner + usize::from(a != b));
            corner = std::mem::replace(above, best);
            left = best;
        }
    }
    if one.is_empty() { two.len() } else { row.last().copied().unwrap_or(one.len()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_recognised() {
        let names = ["单位名称", "单位", "得分", "满分", "截至日期", "党员人数", "活动数"];
        for (written, want) in [
            ("单位名", &["单位名称", "单位"][..]),
            ("得份", &["得分"]),
            ("截止日期", &["截至日期"]),
            ("党员数", &["党员人数"]),
            ("今天天气", &[]),
            ("", &[]),
        ] {
            assert_eq!(nearest(written, names.into_iter()), want, "{written}");
        }
        assert_eq!(nearest(&"长".repeat(200), names.into_iter()), [""; 0]);
    }
}
