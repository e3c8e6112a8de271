//! Signs that no font of ours has, drawn as lines: files, datasets, warnings, ticks.

use egui::{Color32, Painter, Pos2, Rect, Sense, Shape, Stroke, Ui, Vec2};

/// A sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Glyph {
    Segy,
    Dataset,
    Warning,
    Check,
    Cross,
    Info,
    Drop,
}

/// The sign at the height of a line of text.
pub(crate) fn glyph(ui: &mut Ui, glyph: Glyph, colour: Color32) {
    let (rect, _) = ui.allocate_exact_size(Vec2::splat(18.0), Sense::hover());
    paint_glyph(ui.painter(), rect.shrink(1.5), glyph, colour);
}

/// Paints the sign into `rect`.
pub(crate) fn paint_glyph(painter: &Painter, rect: Rect, glyph: Glyph, colour: Color32) {
    let stroke = Stroke::new((rect.width() / 11.0).max(1.3), colour);
    let at = |x: f32, y: f32| rect.min + Vec2::new(x * rect.width(), y * rect.height());
    let line = |points: &[(f32, f32)]| {
        let points: Vec<Pos2> = points.iter().map(|&(x, y)| at(x, y)).collect();
        painter.add(Shape::line(points, stroke));
    };
    match glyph {
        Glyph::Segy => {
            painter.rect_stroke(
                Rect::from_min_max(at(0.12, 0.02), at(0.88, 0.98)),
                2.0,
                stroke,
                egui::StrokeKind::Middle,
            );
            line(&wiggle(0.36));
            line(&wiggle(0.64));
        }
        Glyph::Dataset => {
            for i in 0..3_u8 {
                for j in 0..3_u8 {
                    let min = at(0.05 + 0.33 * f32::from(i), 0.05 + 0.33 * f32::from(j));
                    let cell = Rect::from_min_size(min, rect.size() * 0.24);
                    painter.rect_filled(
                        cell,
                        1.0,
                        colour.gamma_multiply(if (i + j) % 2 == 0 { 1.0 } else { 0.55 }),
                    );
                }
            }
        }
        Glyph::Warning => {
            line(&[(0.5, 0.06), (0.97, 0.92), (0.03, 0.92), (0.5, 0.06)]);
            line(&[(0.5, 0.36), (0.5, 0.62)]);
            painter.circle_filled(at(0.5, 0.77), stroke.width * 0.7, colour);
        }
        Glyph::Check => line(&[(0.1, 0.55), (0.4, 0.85), (0.92, 0.18)]),
        Glyph::Cross => {
            painter.circle_stroke(rect.center(), rect.width() * 0.47, stroke);
            line(&[(0.32, 0.32), (0.68, 0.68)]);
            line(&[(0.68, 0.32), (0.32, 0.68)]);
        }
        Glyph::Info => {
            painter.circle_stroke(rect.center(), rect.width() * 0.47, stroke);
            line(&[(0.5, 0.45), (0.5, 0.76)]);
            painter.circle_filled(at(0.5, 0.28), stroke.width * 0.7, colour);
        }
        Glyph::Drop => {
            line(&[(0.5, 0.05), (0.5, 0.62)]);
            line(&[(0.28, 0.42), (0.5, 0.64), (0.72, 0.42)]);
            line(&[(0.08, 0.66), (0.08, 0.94), (0.92, 0.94), (0.92, 0.66)]);
        }
    }
}

/// A trace about `x` that swings twice.
fn wiggle(x: f32) -> [(f32, f32); 7] {
    [
        (x, 0.14),
        (x, 0.28),
        (x + 0.13, 0.38),
        (x - 0.11, 0.5),
        (x + 0.08, 0.62),
        (x, 0.72),
        (x, 0.86),
    ]
}
