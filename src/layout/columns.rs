//! What columns hold, told by their cells.

use super::context::Lexicon;
use super::view::{View, folded, text_of};
use super::words;
use crate::model::{GridValue, Heading};
use std::cell::OnceCell;

/// How many cells of a column are looked at.
const SAMPLE: usize = 40;

/// What the cells of a column look like, in counts.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Shape {
    pub(super) cells: usize,
    pub(super) dates: usize,
    pub(super) clocks: usize,
    pub(super) kinds: usize,
    pub(super) whole_numbers: usize,
    pub(super) people: usize,
    pub(super) hours: usize,
    pub(super) names: usize,
    pub(super) places: usize,
    pub(super) units: usize,
    pub(super) prose: usize,
    pub(super) chars: usize,
    pub(super) rising: usize,
}

impl Shape {
    /// Whether at least this share, in tenths, of the cells is of a sort.
    pub(super) fn mostly(&self, count: usize, tenths: usize) -> bool {
        self.cells > 0 && count * 10 >= self.cells * tenths
    }

    /// Characters of a cell on average.
    pub(super) fn length(&self) -> usize {
        self.chars.checked_div(self.cells).unwrap_or(0)
    }
}

/// The shapes of some columns over some lines, each found when it is first asked for: most headings
/// leave nothing open.
pub(super) struct Shapes<'a, 'g> {
    view: &'a View<'g>,
    lines: &'a [usize],
    lexicon: Lexicon<'a>,
    columns: Vec<(u32, OnceCell<Shape>)>,
}

impl<'a, 'g> Shapes<'a, 'g> {
    /// The shapes of the columns under some headings.
    pub(super) fn new(
        view: &'a View<'g>,
        lines: &'a [usize],
        headings: &[Heading],
        lexicon: Lexicon<'a>,
    ) -> Self {
        let columns = headings.iter().map(|heading| (heading.col, OnceCell::new())).collect();
        Self { view, lines, lexicon, columns }
    }

    /// The shape of the column under a heading, by the heading's place in the list.
    pub(super) fn get(&self, at: usize) -> Shape {
        self.columns.get(at).map_or_else(Shape::default, |(col, found)| {
            *found.get_or_init(|| shape(self.view, self.lines, *col, self.lexicon))
        })
    }

    /// How many columns there are.
    pub(super) fn len(&self) -> usize {
        self.columns.len()
    }
}

/// The shape of a column over some lines.
fn shape(view: &View<'_>, lines: &[usize], col: u32, lexicon: Lexicon<'_>) -> Shape {
    let mut shape = Shape::default();
    let mut last = f64::NEG_INFINITY;
    for value in lines.iter().filter_map(|index| view.own(*index, col)).take(SAMPLE) {
        let text = text_of(value);
        let short = folded(value);
        let empty = &lexicon.headers.words;
        if short.as_deref().is_some_and(|s| empty.nothing.is(s) || empty.same_as_above.is(s)) {
            continue;
        }
        let length = text.chars().count();
        shape.cells += 1;
        shape.chars += length;
        shape.dates += usize::from(words::is_date(value));
        shape.clocks += usize::from(words::is_clock(value));
        let number = match value {
            GridValue::Number(number) => Some(*number),
            _ => text.parse::<f64>().ok(),
        };
        if let Some(number) = number {
            if number.fract() == 0.0 && (0.0..100_000.0).contains(&number) {
                shape.whole_numbers += 1;
                shape.rising += usize::from(number >= last);
            }
            shape.hours += usize::from((0.25..=16.0).contains(&number));
            last = number;
        }
        let Some(short) = short else {
            shape.prose += 1;
            continue;
        };
        shape.kinds += usize::from(lexicon.kinds.exact(&short).is_some());
        shape.people += usize::from(
            short.ends_with('人') && short.chars().any(|c| c.is_ascii_digit())
                || short.contains("应到")
                || short.contains("实到")
                || lexicon.headers.words.people_words.is(&short),
        );
        shape.hours += usize::from(
            ["小时", "学时", "课时", "分钟", "h", "半天"].iter().any(|unit| short.ends_with(unit)),
        );
        shape.names += usize::from(is_name(&text, lexicon));
        shape.places += usize::from(is_place(&short));
        shape.units += usize::from(
            ["支部", "总支", "党委", "局", "科", "处"].iter().any(|end| short.ends_with(end)) && length > 4,
        );
        shape.prose += usize::from(length > 5 && !is_place(&short) && !words::is_date(value));
    }
    shape
}

/// Two to four Chinese characters that are no kind and no place.
fn is_name(text: &str, lexicon: Lexicon<'_>) -> bool {
    let bare: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let length = bare.chars().count();
    (2..=4).contains(&length)
        && bare.chars().all(|c| ('\u{4e00}'..='\u{9fff}').contains(&c) || c == '·')
        && lexicon.kinds.exact(&bare).is_none()
        && !is_place(&bare)
}

fn is_place(short: &str) -> bool {
    let short = short.split('(').next().unwrap_or(short);
    [
        "室", "厅", "馆", "村", "社区", "中心", "基地", "陵园", "广场", "校", "楼", "线上", "会场", "院",
        "园", "站", "山", "街", "路", "公园", "镇", "乡",
    ]
    .iter()
    .any(|end| short.ends_with(end))
        && short.chars().count() <= 20
        || short.starts_with("线上")
        || short.contains("腾讯会议")
}
