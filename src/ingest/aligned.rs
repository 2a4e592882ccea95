//! Text in columns that are aligned by blanks, as one sheet without a name.
//!
//! In: a text. Out: its grid, where most lines have columns; two or more blanks are a border.
//! Never here: delimiters, and text that is only indented.

use super::cells::{Cells, Room};
use super::{Unreadable, limits, too_large};
use crate::model::{Grid, GridValue};
use std::sync::Arc;

/// How many lines are looked at to tell whether the text is aligned.
const SAMPLE: usize = 200;
/// Fields that a line needs before it counts as one in columns.
const FIELDS: usize = 3;
/// The most columns that are aligned one by one.
const COLUMNS: usize = 60;

/// A run of text between borders, with the places at which it begins and ends on a printed line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span<'t> {
    text: &'t str,
    from: usize,
    to: usize,
}

/// The grid of an aligned text; `None` where the text is not aligned.
pub(super) fn read(file: &Arc<str>, text: &str, room: &mut Room) -> Option<Result<Grid, Unreadable>> {
    let heads = columns(text)?;
    Some(grid(file, text, &heads, room))
}

fn grid(file: &Arc<str>, text: &str, heads: &[Span<'_>], room: &mut Room) -> Result<Grid, Unreadable> {
    let mut cells = Cells::default();
    let mut above = true;
    for (index, line) in text.lines().enumerate() {
        let row = u32::try_from(index + 1).ok().filter(|row| *row <= limits::ROWS);
        let row = row.ok_or_else(|| too_large("行数太多"))?;
        let fields = cut_at_heads(spans(line), heads);
        above &= fields.len() < heads.len();
        // Titles stand in the middle of a page.
        let places = if above && fields.len() == 1 { vec![0] } else { places(&fields, heads) };
        let mut texts: Vec<(usize, String)> = Vec::with_capacity(fields.len());
        for (field, place) in fields.iter().zip(places) {
            match texts.last_mut() {
                Some((last, text)) if *last == place => {
                    text.push(' ');
                    text.push_str(field.text);
                }
                _ => texts.push((place, field.text.to_owned())),
            }
        }
        for (place, text) in texts {
            let value = GridValue::Text(text.into());
            room.take(&value)?;
            cells.push(row, u32::try_from(place + 1).unwrap_or(u32::MAX), value);
        }
    }
    Ok(cells.grid(file, ""))
}

/// The columns of a text: those of its first line that has as many fields as most lines.
fn columns(text: &str) -> Option<Vec<Span<'_>>> {
    if !(text.contains("  ") || text.contains("\u{3000}\u{3000}")) {
        return None;
    }
    let lines: Vec<&str> =
        text.lines().filter(|line| !line.trim().is_empty() && !is_rule(line)).take(SAMPLE).collect();
    let fields: Vec<Vec<Span<'_>>> = lines.iter().map(|line| spans(line)).collect();
    let wide: Vec<usize> = fields.iter().map(Vec::len).filter(|count| *count >= FIELDS).collect();
    if wide.len() < 2 || wide.len() * 2 < lines.len() {
        return None;
    }
    for mark in ['\t', ',', ';', '|'] {
        let marked = lines.iter().filter(|line| line.matches(mark).count() >= 2).count();
        if marked * 2 >= lines.len() {
            return None;
        }
    }
    let usual = wide.iter().copied().max_by_key(|n| (wide.iter().filter(|m| *m == n).count(), *n))?;
    let heads = fields.into_iter().find(|fields| fields.len() >= usual)?;
    (heads.len() <= COLUMNS).then_some(heads)
}

fn is_rule(line: &str) -> bool {
    line.trim().chars().all(|c| "-=_~－—─━═┄＝".contains(c))
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\u{3000}' | '\u{a0}')
}

/// How many places a character takes on a printed line: Chinese characters and signs take two.
fn width(c: char) -> usize {
    if u32::from(c) < 0x2000 { 1 } else { 2 }
}

/// The fields of a line, parted by two blanks or more.
fn spans(line: &str) -> Vec<Span<'_>> {
    let mut spans: Vec<Span<'_>> = Vec::new();
    let (mut place, mut blanks) = (0, 2);
    let mut start = None;
    let (mut end, mut to) = (0, 0);
    let mut push = |start: &mut Option<(usize, usize)>, end: usize, to: usize| {
        if let Some((byte, from)) = start.take()
            && let Some(text) = line.get(byte..end)
        {
            spans.push(Span { text, from, to });
        }
    };
    for (byte, c) in line.char_indices() {
        if is_blank(c) {
            blanks += 1;
            if blanks == 2 {
                push(&mut start, end, to);
            }
        } else {
            blanks = 0;
            start.get_or_insert((byte, place));
            (end, to) = (byte + c.len_utf8(), place + width(c));
        }
        place += width(c);
    }
    push(&mut start, end, to);
    spans
}

/// Cuts fields at a single blank behind which a column begins, or a word that ends where a column
/// ends: a long text may fill its column.
fn cut_at_heads<'t>(fields: Vec<Span<'t>>, heads: &[Span<'_>]) -> Vec<Span<'t>> {
    if fields.len() < 2 {
        return fields;
    }
    let mut cut = Vec::with_capacity(fields.len());
    for Span { text, mut from, to } in fields {
        let (mut begun, mut place, mut gap) = (0, from, None);
        for (byte, c) in text.char_indices() {
            if is_blank(c) {
                gap = Some((byte, place));
            } else if let Some((end, to)) = gap.take() {
                let word = text.get(byte..).unwrap_or("").chars().take_while(|c| !is_blank(*c));
                let behind = place + word.map(width).sum::<usize>();
                if heads.iter().any(|head| head.from == place || head.to == behind) {
                    cut.extend(text.get(begun..end).map(|text| Span { text, from, to }));
                    (begun, from) = (byte, place);
                }
            }
            place += width(c);
        }
        cut.extend(text.get(begun..).map(|text| Span { text, from, to }));
    }
    cut
}

/// The columns of the fields, in order: those whose heads they stand nearest to.
fn places(fields: &[Span<'_>], heads: &[Span<'_>]) -> Vec<usize> {
    let distance =
        |field: &Span<'_>, head: &Span<'_>| field.from.abs_diff(head.from).min(field.to.abs_diff(head.to));
    if fields.len() > heads.len() {
        let mut least = 0;
        return fields
            .iter()
            .map(|field| {
                let near = (least..heads.len())
                    .min_by_key(|at| heads.get(*at).map_or(usize::MAX, |head| distance(field, head)));
                least = near.unwrap_or(least);
                least
            })
            .collect();
    }
    // best[k]: the least sum of distances of the fields so far with the last of them before column k.
    let mut best = vec![0_usize; heads.len() + 1];
    let mut taken: Vec<Vec<bool>> = Vec::with_capacity(fields.len());
    for field in fields {
        let mut next = vec![usize::MAX; heads.len() + 1];
        let mut takes = vec![false; heads.len() + 1];
        for (at, head) in heads.iter().enumerate() {
            let skipped = next.get(at).copied().unwrap_or(usize::MAX);
            let here = best.get(at).copied().unwrap_or(usize::MAX).saturating_add(distance(field, head));
            if let (Some(cost), Some(take)) = (next.get_mut(at + 1), takes.get_mut(at + 1)) {
                *take = here < skipped;
                *cost = here.min(skipped);
            }
        }
        best = next;
        taken.push(takes);
    }
    let mut places = vec![0; fields.len()];
    let mut at = heads.len();
    for (place, takes) in places.iter_mut().zip(&taken).rev() {
        while at > 1 && !takes.get(at).copied().unwrap_or(false) {
            at -= 1;
        }
        at = at.saturating_sub(1);
        *place = at;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Option<Vec<String>> {
        let grid = read(&Arc::from("a.txt"), text, &mut Room::new())?.unwrap();
        let cell = |value: &GridValue| match value {
            GridValue::Text(text) => text.to_string(),
            other => format!("{other:?}"),
        };
        Some(
            grid.rows
                .iter()
                .map(|row| {
                    let cells: Vec<String> =
                        row.cells.iter().map(|c| format!("{}={}", c.col, cell(&c.value))).collect();
                    format!("{}: {}", row.number, cells.join(" "))
                })
                .collect(),
        )
    }

    #[test]
    fn blank_cells_are_told_by_their_place() {
        let text = "　　　　　　某支部活动登记\n\
                    序号　　日期　　　　　类型　　　　内容　　　　　　　　人数\n\
                    －－－－－－－－－－－－－－－－－\n\
                    １　　　３月５日　　　支委会　　　研究　计划　　　　　５人\n\
                    ２　　　４月６日　　　　　　　　　学习文件　　　　　　６人\n\
                    ３　　　４月中旬　　　党课　　　　很长很长很长的题目　７人\n\
                    合计　　　　　　　　　３次\n";
        assert_eq!(
            shown(text).unwrap(),
            [
                "1: 1=某支部活动登记",
                "2: 1=序号 2=日期 3=类型 4=内容 5=人数",
                "3: 1=－－－－－－－－－－－－－－－－－",
                "4: 1=１ 2=３月５日 3=支委会 4=研究　计划 5=５人",
                "5: 1=２ 2=４月６日 4=学习文件 5=６人",
                "6: 1=３ 2=４月中旬 3=党课 4=很长很长很长的题目 5=７人",
                "7: 1=合计 3=３次",
            ]
        );
    }

    #[test]
    fn half_width_blanks_and_numbers_to_the_right_are_aligned() {
        let text = "No  日期       内容              人数\n 1  2023-03-05 学习文件              12\n\n 2  2023-04-06 讨论                   8\n 3             谈话                   2\n";
        assert_eq!(
            shown(text).unwrap(),
            [
                "1: 1=No 2=日期 3=内容 4=人数",
                "2: 1=1 2=2023-03-05 3=学习文件 4=12",
                "4: 1=2 2=2023-04-06 3=讨论 4=8",
                "5: 1=3 3=谈话 4=2",
            ]
        );
    }

    #[test]
    fn running_and_delimited_text_is_not_aligned() {
        for text in [
            "　　3月5日，召开支委会。\n　　4月6日，学习。\n",
            "序号,  日期,  内容,  人数\n1,  3月5日,  学习,  5\n2,  4月6日,  学习,  6\n",
            "一行　　两段\n两行　　两段\n",
            "",
        ] {
            assert_eq!(shown(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_fail(text in "[ 　a学０\n-]{0,80}") {
            let _ = shown(&text);
        }
    }
}
