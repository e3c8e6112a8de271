//! A small diagram with numbered axes: curves, bands, bars of smallest and largest.

use egui::{
    Align2, Color32, FontId, Mesh, Painter, Pos2, Rect, Shape, Stroke, TextStyle, Ui, Vec2,
};

use crate::app::theme;
use crate::view::value_ticks;

/// Points between labels across and down.
const ACROSS: f32 = 48.0;
const DOWN: f32 = 21.0;

/// What stands around a plot.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Margins {
    pub(crate) left: f32,
    pub(crate) right: f32,
    pub(crate) top: f32,
    pub(crate) bottom: f32,
}

/// A plot on the screen and what its edges stand for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chart {
    pub(crate) plot: Rect,
    /// At the left and at the right edge.
    pub(crate) x: (f64, f64),
    /// At the lower and at the upper edge.
    pub(crate) y: (f64, f64),
}

impl Chart {
    pub(crate) fn new(rect: Rect, margins: Margins, x: (f64, f64), y: (f64, f64)) -> Self {
        let mut plot = rect;
        plot.min += Vec2::new(margins.left, margins.top);
        plot.max -= Vec2::new(margins.right, margins.bottom);
        plot.max = plot.max.max(plot.min + Vec2::splat(8.0));
        Self { plot, x, y }
    }

    /// A place on the screen.
    pub(crate) fn at(&self, x: f64, y: f64) -> Pos2 {
        let share = |value: f64, (from, to): (f64, f64)| {
            let span = to - from;
            #[expect(clippy::cast_possible_truncation, reason = "a share of the plot")]
            let share = if span == 0.0 {
                0.5
            } else {
                ((value - from) / span).clamp(-4.0, 5.0) as f32
            };
            share
        };
        Pos2::new(
            self.plot.left() + share(x, self.x) * self.plot.width(),
            self.plot.bottom() - share(y, self.y) * self.plot.height(),
        )
    }

    /// What lies under a place on the screen.
    pub(crate) fn value_at(&self, at: Pos2) -> (f64, f64) {
        let x = f64::from((at.x - self.plot.left()) / self.plot.width());
        let y = f64::from((self.plot.bottom() - at.y) / self.plot.height());
        (
            self.x.0 + x * (self.x.1 - self.x.0),
            self.y.0 + y * (self.y.1 - self.y.0),
        )
    }

    /// Ground, grid and the numbers of both axes; titles stand at their ends.
    pub(crate) fn axes(&self, ui: &Ui, x_title: &str, y_title: &str) {
        self.ground(ui);
        self.ticks_across(ui);
        self.ticks_down(ui);
        let p = theme::palette(ui);
        let small = TextStyle::Small.resolve(ui.style());
        let painter = ui.painter();
        painter.text(
            self.plot.right_bottom() + Vec2::new(0.0, 17.0),
            Align2::RIGHT_TOP,
            x_title,
            small.clone(),
            p.weak,
        );
        painter.text(
            self.plot.left_top() - Vec2::new(0.0, 3.0),
            Align2::LEFT_BOTTOM,
            y_title,
            small,
            p.weak,
        );
    }

    /// The ground and its frame.
    pub(crate) fn ground(&self, ui: &Ui) {
        let p = theme::palette(ui);
        let painter = ui.painter();
        painter.rect_filled(self.plot, 0.0, ui.visuals().extreme_bg_color);
        painter.rect_stroke(
            self.plot,
            0.0,
            Stroke::new(1.0, p.line),
            egui::StrokeKind::Outside,
        );
    }

    /// Numbers below.
    pub(crate) fn ticks_across(&self, ui: &Ui) {
        let p = theme::palette(ui);
        let painter = ui.painter();
        let (low, high) = sorted(self.x);
        for (value, label) in value_ticks(low, high, most(self.plot.width(), ACROSS)) {
            let x = self.at(value, 0.0).x;
            painter.vline(x, self.plot.y_range(), grid(p));
            let galley = painter.layout_no_wrap(label, number_font(ui), p.text);
            let half = galley.size().x / 2.0;
            let left = (x - half).clamp(self.plot.left() - 12.0, self.plot.right() + 12.0 - half);
            painter.galley(Pos2::new(left, self.plot.bottom() + 3.0), galley, p.text);
        }
    }

    /// Numbers at the left.
    pub(crate) fn ticks_down(&self, ui: &Ui) {
        let p = theme::palette(ui);
        let painter = ui.painter();
        let (low, high) = sorted(self.y);
        for (value, label) in value_ticks(low, high, most(self.plot.height(), DOWN)) {
            let y = self.at(0.0, value).y;
            painter.hline(self.plot.x_range(), y, grid(p));
            painter.text(
                Pos2::new(
                    self.plot.left() - 6.0,
                    y.clamp(self.plot.top() + 4.0, self.plot.bottom() - 4.0),
                ),
                Align2::RIGHT_CENTER,
                label,
                number_font(ui),
                p.text,
            );
        }
    }

    /// What is drawn is cut at the plot's edges.
    pub(crate) fn painter(&self, ui: &Ui) -> Painter {
        ui.painter().with_clip_rect(self.plot)
    }

    /// A curve through points whose x grows (`across`) or whose y does. Where there are many more
    /// points than pixels the smallest and largest of each pixel are drawn.
    pub(crate) fn line(&self, painter: &Painter, points: &[(f64, f64)], across: bool, ink: Stroke) {
        let pixels = if across {
            self.plot.width()
        } else {
            self.plot.height()
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a size on the screen"
        )]
        let most = (pixels * 2.0).max(16.0) as usize;
        let step = points.len() / most;
        let mut line = Vec::with_capacity(points.len().min(2 * most));
        let flush = |line: &mut Vec<Pos2>| {
            if line.len() > 1 {
                painter.add(Shape::line(std::mem::take(line), ink));
            }
            line.clear();
        };
        for part in points.chunks(step.max(1)) {
            let side = |p: &(f64, f64)| if across { p.1 } else { p.0 };
            let known = || part.iter().filter(|p| side(p).is_finite());
            let low = known().min_by(|a, b| side(a).total_cmp(&side(b)));
            let high = known().max_by(|a, b| side(a).total_cmp(&side(b)));
            let (Some(low), Some(high)) = (low, high) else {
                flush(&mut line);
                continue;
            };
            line.push(self.at(low.0, low.1));
            if step > 1 {
                line.push(self.at(high.0, high.1));
            }
        }
        flush(&mut line);
    }

    /// A filled band between two curves over x.
    pub(crate) fn band(
        &self,
        painter: &Painter,
        edges: impl Iterator<Item = (f64, f64, f64)>,
        ink: Color32,
    ) {
        let mut mesh = Mesh::default();
        for (x, low, high) in edges {
            let n = u32::try_from(mesh.vertices.len()).unwrap_or(0);
            mesh.colored_vertex(self.at(x, low), ink);
            mesh.colored_vertex(self.at(x, high), ink);
            if n >= 2 {
                mesh.add_triangle(n - 2, n - 1, n);
                mesh.add_triangle(n - 1, n, n + 1);
            }
        }
        painter.add(Shape::mesh(mesh));
    }

    /// A vertical line under the cursor with words beside it.
    pub(crate) fn cursor(&self, ui: &Ui, x: f32, words: &str) {
        let p = theme::palette(ui);
        let painter = self.painter(ui);
        painter.vline(x, self.plot.y_range(), Stroke::new(1.0, p.weak));
        self.words(ui, words);
    }

    /// Words in the upper right corner.
    pub(crate) fn words(&self, ui: &Ui, words: &str) {
        let p = theme::palette(ui);
        let painter = ui.painter();
        let galley = painter.layout_no_wrap(words.to_owned(), number_font(ui), p.text);
        let size = galley.size() + Vec2::new(12.0, 4.0);
        let at = self.plot.right_top() + Vec2::new(-size.x - 4.0, 4.0);
        let rect = Rect::from_min_size(at.max(Pos2::new(self.plot.left(), at.y)), size);
        painter.rect_filled(rect, 3.0, ui.visuals().window_fill.gamma_multiply(0.92));
        painter.galley(rect.min + Vec2::new(6.0, 2.0), galley, p.text);
    }
}

/// Numbers of one width.
pub(crate) fn number_font(ui: &Ui) -> FontId {
    FontId::monospace(TextStyle::Small.resolve(ui.style()).size - 1.0)
}

fn grid(p: &theme::Palette) -> Stroke {
    Stroke::new(1.0, p.line.gamma_multiply(0.6))
}

fn sorted((a, b): (f64, f64)) -> (f64, f64) {
    if a <= b { (a, b) } else { (b, a) }
}

fn most(length: f32, spacing: f32) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a size on the screen"
    )]
    let n = (length / spacing).max(1.0) as usize;
    n
}

/// A range that holds all of `low..high`, with some air; never empty.
pub(crate) fn with_air(low: f64, high: f64) -> (f64, f64) {
    let span = high - low;
    if span > 0.0 {
        (low - span * 0.06, high + span * 0.06)
    } else {
        let half = (low.abs() * 0.1).max(1.0);
        (low - half, low + half)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_values_are_inverse_and_y_grows_upwards() {
        let rect = Rect::from_min_size(Pos2::new(10.0, 20.0), Vec2::new(300.0, 200.0));
        let margins = Margins {
            left: 50.0,
            right: 0.0,
            top: 0.0,
            bottom: 20.0,
        };
        let chart = Chart::new(rect, margins, (0.0, 125.0), (-60.0, 0.0));
        let at = chart.at(30.0, -12.0);
        let (x, y) = chart.value_at(at);
        assert!((x - 30.0).abs() < 1e-3 && (y + 12.0).abs() < 1e-3);
        assert!(chart.at(0.0, 0.0).y < chart.at(0.0, -60.0).y);
        assert!((chart.at(0.0, -60.0) - Pos2::new(60.0, 200.0)).length() < 1e-3);
    }

    #[test]
    fn constant_values_have_a_range_too() {
        assert_eq!(with_air(5.0, 5.0), (4.0, 6.0));
        assert_eq!(with_air(0.0, 100.0), (-6.0, 106.0));
    }
}
