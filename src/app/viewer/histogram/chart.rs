//! The bars, in the colours that their amplitudes have, and the two handles of the clip.

use egui::{
    Color32, CursorIcon, Mesh, Pos2, Rect, Sense, Shape, Stroke, TextStyle, Ui, Vec2, WidgetInfo,
};

use crate::app::section::Look;
use crate::app::{numbers, theme};
use crate::view::{AmplitudeHistogram, ClipRange};

const HEIGHT: f32 = 150.0;
/// Half of the width that takes the mouse.
const GRIP: f32 = 7.0;

/// What is drawn.
pub(super) struct Chart<'a> {
    pub(super) histogram: &'a AmplitudeHistogram,
    pub(super) look: &'a Look,
    pub(super) clip: ClipRange,
    pub(super) logarithmic: bool,
}

/// The handle that was dragged, and where to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Moved {
    Low(f32),
    High(f32),
}

/// Draws the chart.
pub(super) fn show(ui: &mut Ui, chart: &Chart<'_>) -> Option<Moved> {
    let (rect, response) =
        ui.allocate_exact_size(Vec2::new(ui.available_width(), HEIGHT), Sense::hover());
    let name = "Histogram of amplitudes";
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Canvas, true, name));
    let plot = Rect::from_min_max(
        rect.min + Vec2::new(8.0, 6.0),
        rect.max - Vec2::new(8.0, 20.0),
    );
    let painter = ui.painter_at(rect);
    painter.rect_filled(plot, 2.0, ui.visuals().extreme_bg_color);
    painter.add(bars(plot, chart));
    painter.add(outline(plot, chart, theme::palette(ui).weak));
    scale(ui, plot, chart);
    let low = handle(
        ui,
        plot,
        chart,
        chart.clip.low,
        "Lower end of the clip, handle",
    );
    let high = handle(
        ui,
        plot,
        chart,
        chart.clip.high,
        "Upper end of the clip, handle",
    );
    low.map(Moved::Low).or_else(|| high.map(Moved::High))
}

/// Height of a bin, from 0 to 1.
fn height(chart: &Chart<'_>, count: u64) -> f32 {
    let most = chart.histogram.counts.iter().copied().max().unwrap_or(0);
    if most == 0 {
        return 0.0;
    }
    if chart.logarithmic {
        (1.0 + count as f32).ln() / (1.0 + most as f32).ln()
    } else {
        count as f32 / most as f32
    }
}

fn bars(plot: Rect, chart: &Chart<'_>) -> Shape {
    let mut mesh = Mesh::default();
    let display = chart.look.display(chart.clip);
    let lookup = display.lookup();
    let n = chart.histogram.counts.len().max(1) as f32;
    for (bin, &count) in chart.histogram.counts.iter().enumerate() {
        let place = (chart.histogram.amplitude_of(bin) - chart.clip.low)
            / (chart.clip.high - chart.clip.low);
        let place = if display.reverse_polarity {
            1.0 - place
        } else {
            place
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "0..=255"
        )]
        let entry = (place.clamp(0.0, 1.0) * 255.0) as usize;
        let [r, g, b, _] = lookup.get(entry).copied().unwrap_or_default();
        let left = plot.left() + plot.width() * bin as f32 / n;
        let top = plot.bottom() - plot.height() * height(chart, count);
        let bar = Rect::from_min_max(
            Pos2::new(left, top),
            Pos2::new(left + plot.width() / n, plot.bottom()),
        );
        mesh.add_colored_rect(bar, Color32::from_rgb(r, g, b));
    }
    Shape::mesh(mesh)
}

/// White bars on white are still seen.
fn outline(plot: Rect, chart: &Chart<'_>, ink: Color32) -> Shape {
    let n = chart.histogram.counts.len().max(1) as f32;
    let points = chart.histogram.counts.iter().enumerate();
    let points = points
        .flat_map(|(bin, &count)| {
            let y = plot.bottom() - plot.height() * height(chart, count);
            let x = |edge: usize| plot.left() + plot.width() * edge as f32 / n;
            [Pos2::new(x(bin), y), Pos2::new(x(bin + 1), y)]
        })
        .collect();
    Shape::line(points, Stroke::new(1.0, ink))
}

fn x_of(plot: Rect, histogram: &AmplitudeHistogram, amplitude: f32) -> f32 {
    let share = (amplitude - histogram.low) / (histogram.high - histogram.low);
    // A clip beyond the bins stands at the edge, where it can be taken.
    plot.left() + plot.width() * share.clamp(0.0, 1.0)
}

fn scale(ui: &Ui, plot: Rect, chart: &Chart<'_>) {
    let p = theme::palette(ui);
    let font = TextStyle::Small.resolve(ui.style());
    let histogram = chart.histogram;
    let middle = f32::midpoint(histogram.low, histogram.high);
    let marks = [
        (histogram.low, egui::Align2::LEFT_TOP),
        (middle, egui::Align2::CENTER_TOP),
        (histogram.high, egui::Align2::RIGHT_TOP),
    ];
    for (amplitude, align) in marks {
        let at = Pos2::new(x_of(plot, histogram, amplitude), plot.bottom() + 3.0);
        let text = numbers::amplitude(amplitude);
        ui.painter().text(at, align, text, font.clone(), p.weak);
    }
}

/// A line with grips at both ends; gives the amplitude that it is dragged to.
fn handle(
    ui: &Ui,
    plot: Rect,
    chart: &Chart<'_>,
    amplitude: f32,
    name: &'static str,
) -> Option<f32> {
    let x = x_of(plot, chart.histogram, amplitude);
    let area =
        Rect::from_x_y_ranges(x - GRIP..=x + GRIP, plot.y_range()).expand2(Vec2::new(0.0, 4.0));
    let response = ui.interact(area, ui.scope_id().with(name), Sense::drag());
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Slider, true, name));
    let active = response.hovered() || response.dragged();
    let ink = theme::palette(ui).accent;
    let width = if active { 2.5 } else { 1.5 };
    let painter = ui.painter();
    painter.vline(x, plot.y_range(), Stroke::new(width, ink));
    for (y, down) in [(plot.top(), 1.0), (plot.bottom(), -1.0)] {
        let tip = vec![
            Pos2::new(x - 5.5, y - 2.0 * down),
            Pos2::new(x + 5.5, y - 2.0 * down),
            Pos2::new(x, y + 7.0 * down),
        ];
        painter.add(Shape::convex_polygon(tip, ink, Stroke::NONE));
    }
    if active {
        ui.ctx().set_cursor_icon(CursorIcon::ResizeHorizontal);
    }
    if !response.dragged() {
        return None;
    }
    let at = response.interact_pointer_pos()?;
    let share = (at.x - plot.left()) / plot.width().max(1.0);
    let histogram = chart.histogram;
    Some(histogram.low + (histogram.high - histogram.low) * share.clamp(0.0, 1.0))
}
