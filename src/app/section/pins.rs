//! How are pinned traces and the selected box marked on a section?

use egui::{Color32, Painter, Pos2, Rect, Stroke};

use crate::view::SectionWindow;

/// Traces that can be pinned at once.
pub(crate) const MOST_PINS: usize = 4;
/// Readable on dark and light, on grey and on colours.
const COLOURS: [Color32; MOST_PINS] = [
    Color32::from_rgb(240, 150, 30),
    Color32::from_rgb(60, 150, 235),
    Color32::from_rgb(225, 80, 150),
    Color32::from_rgb(80, 185, 90),
];

/// The colour of a pin, on the section and in its charts.
pub(crate) fn colour(number: usize) -> Color32 {
    COLOURS.get(number).copied().unwrap_or(Color32::GRAY)
}

/// A frame around the selected box.
pub(super) fn draw_selection(
    painter: &Painter,
    plot: Rect,
    window: &SectionWindow,
    selection: &SectionWindow,
) {
    let corner = |trace: f64, sample: f64| {
        let (x, y) = window.screen_from_section(trace, sample);
        #[expect(clippy::cast_possible_truncation, reason = "places on the screen")]
        let (x, y) = (x as f32, y as f32);
        Pos2::new(
            plot.left() + x.clamp(-2.0, 3.0) * plot.width(),
            plot.top() + y.clamp(-2.0, 3.0) * plot.height(),
        )
    };
    let rect = Rect::from_two_pos(
        corner(selection.first_trace, selection.first_sample),
        corner(
            selection.first_trace + selection.n_traces,
            selection.first_sample + selection.n_samples,
        ),
    );
    let outer = Stroke::new(3.0, Color32::from_black_alpha(120));
    painter.rect_stroke(rect, 0.0, outer, egui::StrokeKind::Middle);
    let inner = Stroke::new(1.5, Color32::from_rgb(250, 220, 90));
    painter.rect_stroke(rect, 0.0, inner, egui::StrokeKind::Middle);
}
