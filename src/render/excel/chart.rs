//! Charts.
//!
//! In: the charts of a sheet. Out: native charts of the worksheet, fed by cells. Never here: values.

use rust_xlsxwriter::{
    Chart as Drawing, ChartErrorBars, ChartErrorBarsType, ChartFont, ChartFormat, ChartLegendPosition,
    ChartLine, ChartRange, ChartSolidFill, ChartType, Color, Worksheet, XlsxError,
};

use super::formula::quoted;
use super::sheet::Plan;
use crate::model::{Chart, ChartKind, Spot};

/// Muted colours that also differ in grey.
const INKS: [u32; 5] = [0x002F_5597, 0x00C5_8B3B, 0x007F_A65A, 0x008C_8C8C, 0x00B0_5A5A];
/// Lines behind the bars.
const GRID: u32 = 0x00D9_D9D9;
const TITLE_SIZE: f64 = 12.0;
const TEXT_SIZE: f64 = 9.0;

/// Draws the charts of a sheet.
pub(super) fn draw(
    worksheet: &mut Worksheet,
    plan: &Plan<'_>,
    own: usize,
    all: &[Plan<'_>],
) -> Result<(), XlsxError> {
    for chart in &plan.sheet().charts {
        let drawing = drawing(chart, own, all);
        worksheet.insert_chart(plan.row(chart.row), chart.col, &drawing)?;
    }
    Ok(())
}

fn drawing(chart: &Chart, own: usize, all: &[Plan<'_>]) -> Drawing {
    let kind = match chart.kind {
        ChartKind::Columns => ChartType::Column,
        ChartKind::Bars => ChartType::Bar,
        ChartKind::StackedColumns => ChartType::ColumnStacked,
        ChartKind::Radar => ChartType::RadarWithMarkers,
    };
    let mut drawing = Drawing::new(kind);
    drawing.set_width(chart.width).set_height(chart.height);
    let mut face = ChartFont::new();
    face.set_name("黑体").set_size(TITLE_SIZE);
    drawing.title().set_name(chart.title.as_str()).set_font(&face);
    let mut small = ChartFont::new();
    small.set_name("宋体").set_size(TEXT_SIZE);
    drawing.x_axis().set_font(&small);
    drawing.y_axis().set_font(&small);
    if chart.kind == ChartKind::Bars {
        // The first name at the top, as in the table.
        drawing.y_axis().set_reverse();
    }
    // A bar that does not begin at nothing overstates differences.
    let values = if chart.kind == ChartKind::Bars { drawing.x_axis() } else { drawing.y_axis() };
    values.set_min(0).set_major_gridlines_line(ChartLine::new().set_color(Color::RGB(GRID)));
    if chart.share {
        values.set_max(1).set_num_format("0%");
    }
    if let Some(most) = chart.most {
        values.set_max(most);
    }
    for (at, series) in chart.series.iter().enumerate() {
        let hidden = chart.stacked_invisible_first && at == 0;
        let drawn = drawing.add_series();
        drawn.set_name(series.name.as_str());
        drawn
            .set_categories(range(&series.labels, own, all).as_str())
            .set_values(range(&series.values, own, all).as_str());
        drawn.set_gap(60);
        if hidden {
            drawn.set_format(ChartFormat::new().set_no_fill().set_no_border());
        } else if let (false, Some(ink)) = (chart.kind == ChartKind::Radar, INKS.get(at % INKS.len())) {
            let fill = ChartSolidFill::new().set_color(Color::RGB(*ink)).clone();
            drawn.set_format(ChartFormat::new().set_solid_fill(&fill));
        }
        if let Some((up, down)) = &series.error_bars {
            let mut bars = ChartErrorBars::new();
            bars.set_type(ChartErrorBarsType::Custom(
                ChartRange::new_from_string(&range(up, own, all)),
                ChartRange::new_from_string(&range(down, own, all)),
            ));
            drawn.set_y_error_bars(&bars);
        }
    }
    if chart.series.len() < 2 || chart.stacked_invisible_first {
        drawing.legend().set_hidden();
    } else {
        drawing.legend().set_position(ChartLegendPosition::Bottom).set_font(&small);
    }
    drawing
}

fn range(spot: &Spot, own: usize, all: &[Plan<'_>]) -> String {
    let sheet = spot.sheet.unwrap_or(own);
    all.get(sheet).map_or_else(String::new, |plan| {
        let fixed = super::formula::place(&spot.fixed(), sheet, all);
        format!("={}!{fixed}", quoted(plan.name()))
    })
}
