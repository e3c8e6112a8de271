//! Where do the traces lie? Sources, receivers and CDPs as the mapping places them, to scale.

use egui::{Align2, Color32, Pos2, Rect, RichText, Sense, Stroke, Ui, Vec2};

use super::Editing;
use super::studies::Study;
use crate::app::{numbers, theme, widgets};
use crate::import::{CoordinateMap, MapPoints};

/// Room for the numbers along the edges.
const EDGE: f32 = 34.0;

/// Draws the map into what is left of `ui`.
pub(super) fn show(ui: &mut Ui, editing: &Editing) {
    match &editing.studies.map {
        Study::Looking => {
            widgets::hint(ui, "Looking where the traces lie…");
        }
        Study::Failed(why) => {
            let ink = theme::palette(ui).warning;
            ui.add(egui::Label::new(RichText::new(format!("No map: {why}")).color(ink)).wrap());
        }
        Study::Found(map) => draw(ui, map),
    }
}

/// The kinds of points, in the order in which they are drawn.
fn kinds<'a>(map: &'a CoordinateMap, ui: &Ui) -> [(&'static str, &'a MapPoints, Color32); 3] {
    let p = theme::palette(ui);
    [
        ("CDPs", &map.cdps, p.weak),
        ("receivers", &map.groups, p.accent),
        ("sources", &map.sources, p.error),
    ]
}

fn draw(ui: &mut Ui, map: &CoordinateMap) {
    let Some(bounds) = bounds(map) else {
        let n = numbers::plural(map.n_traces_read, "trace", "traces");
        let text = format!(
            "No coordinates: they are all zero in the {n} read. If the file has them elsewhere, \
             change the bytes of Source X, Group X or CDP X."
        );
        let weak = theme::palette(ui).weak;
        ui.add(egui::Label::new(RichText::new(text).small().color(weak)).wrap());
        return;
    };
    legend(ui, map);
    let size = ui.available_size().max(Vec2::new(120.0, 90.0));
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let summary = words(map);
    response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::Canvas, true, format!("Map: {summary}"))
    });
    let p = theme::palette(ui);
    let painter = ui.painter_at(rect);
    painter.rect_filled(rect, 4.0, ui.visuals().extreme_bg_color);
    let scale = Scale::fitting(bounds, rect.shrink(EDGE));
    for (_, points, colour) in kinds(map, ui) {
        for &[x, y] in &points.points {
            painter.circle_filled(scale.screen_from_place(x, y), 1.6, colour);
        }
    }
    frame(&painter, rect, &scale, bounds, p.weak, p.line);
    if let Some(at) = response.hover_pos() {
        let [x, y] = scale.place_from_screen(at);
        response.on_hover_text(format!("x {} · y {}", coordinate(x), coordinate(y)));
    }
}

/// What is drawn in which colour, and how much of the file it stands for.
fn legend(ui: &mut Ui, map: &CoordinateMap) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        for (name, points, colour) in kinds(map, ui).into_iter().rev() {
            if points.bounds.is_some() {
                ui.label(RichText::new(name).small().color(colour));
            }
        }
        let read = numbers::plural(map.n_traces_read, "trace", "traces");
        let of = if map.is_whole_file {
            format!("all {read}")
        } else {
            format!("of {read} read")
        };
        widgets::hint(ui, format!("{of} · {} · to scale", map.units));
        let without = [&map.sources, &map.groups, &map.cdps]
            .into_iter()
            .filter(|points| points.bounds.is_some())
            .map(|points| points.n_without)
            .max()
            .unwrap_or(0);
        if without > 0 {
            let ink = theme::palette(ui).warning;
            let n = numbers::plural(without, "trace lies", "traces lie");
            ui.label(RichText::new(format!("{n} at 0, 0")).small().color(ink));
        }
    });
}

fn words(map: &CoordinateMap) -> String {
    let [cdps, groups, sources] = [&map.cdps, &map.groups, &map.sources].map(|p| p.points.len());
    format!("{sources} sources, {groups} receivers, {cdps} CDPs")
}

/// Around all kinds of points.
fn bounds(map: &CoordinateMap) -> Option<[f64; 4]> {
    [&map.sources, &map.groups, &map.cdps]
        .into_iter()
        .filter_map(|points| points.bounds)
        .filter(|b| b.iter().all(|v| v.is_finite()))
        .reduce(|a, b| {
            [
                a[0].min(b[0]),
                a[1].min(b[1]),
                a[2].max(b[2]),
                a[3].max(b[3]),
            ]
        })
}

/// From places to the screen: the same scale in both directions, north up.
#[derive(Clone, Copy, Debug)]
struct Scale {
    centre: [f64; 2],
    /// Points of the screen for each unit.
    factor: f64,
    middle: Pos2,
}

impl Scale {
    fn fitting([x0, y0, x1, y1]: [f64; 4], rect: Rect) -> Self {
        let (width, height) = (x1 - x0, y1 - y0);
        let fits = |room: f32, length: f64| {
            if length > 0.0 {
                f64::from(room.max(1.0)) / length
            } else {
                f64::INFINITY
            }
        };
        let factor = fits(rect.width(), width).min(fits(rect.height(), height));
        Self {
            centre: [f64::midpoint(x0, x1), f64::midpoint(y0, y1)],
            // A single place: any scale will do.
            factor: if factor.is_finite() { factor } else { 1.0 },
            middle: rect.center(),
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "screen coordinates")]
    fn screen_from_place(&self, x: f64, y: f64) -> Pos2 {
        Pos2::new(
            self.middle.x + ((x - self.centre[0]) * self.factor) as f32,
            self.middle.y - ((y - self.centre[1]) * self.factor) as f32,
        )
    }

    fn place_from_screen(&self, at: Pos2) -> [f64; 2] {
        [
            self.centre[0] + f64::from(at.x - self.middle.x) / self.factor,
            self.centre[1] - f64::from(at.y - self.middle.y) / self.factor,
        ]
    }
}

/// A bar whose length is said, and the least and largest coordinates at the edges.
fn frame(
    painter: &egui::Painter,
    rect: Rect,
    scale: &Scale,
    [x0, y0, x1, y1]: [f64; 4],
    ink: Color32,
    line: Color32,
) {
    let font = egui::FontId::proportional(10.5);
    let text = |at: Pos2, align: Align2, words: String| {
        painter.text(at, align, words, font.clone(), ink);
    };
    let inset = 5.0;
    text(
        rect.left_bottom() + Vec2::new(inset, -inset),
        Align2::LEFT_BOTTOM,
        format!("x {}…{}", coordinate(x0), coordinate(x1)),
    );
    text(
        rect.left_top() + Vec2::new(inset, inset),
        Align2::LEFT_TOP,
        format!("y {}…{}", coordinate(y0), coordinate(y1)),
    );
    let room = f64::from(rect.width()) / 4.0 / scale.factor;
    let length = round_down(room);
    if x1 > x0 && length > 0.0 {
        #[expect(clippy::cast_possible_truncation, reason = "a quarter of the map")]
        let width = (length * scale.factor) as f32;
        let right = rect.right() - inset;
        let y = rect.bottom() - inset - 2.0;
        painter.hline(right - width..=right, y, Stroke::new(2.0, ink));
        text(
            Pos2::new(right, y - 3.0),
            Align2::RIGHT_BOTTOM,
            coordinate(length),
        );
    }
    painter.rect_stroke(rect, 4.0, Stroke::new(1.0, line), egui::StrokeKind::Inside);
}

/// 1, 2 or 5 times a power of ten, at most `length`.
fn round_down(length: f64) -> f64 {
    if !length.is_finite() || length <= 0.0 {
        return 0.0;
    }
    let power = 10_f64.powf(length.log10().floor());
    [5.0, 2.0]
        .into_iter()
        .map(|n| n * power)
        .find(|n| *n <= length)
        .unwrap_or(power)
}

/// "6 711 002", "12.5", "0.0325".
fn coordinate(value: f64) -> String {
    if value.abs() >= 1e15 {
        return format!("{value:.3e}");
    }
    let digits = if value.abs() >= 1000.0 || value.fract() == 0.0 {
        0
    } else if value.abs() >= 1.0 {
        1
    } else {
        4
    };
    let text = format!("{:.digits$}", value.abs());
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let whole = whole
        .parse::<u64>()
        .map_or_else(|_| whole.to_owned(), numbers::count);
    let sign = if value < 0.0 { "−" } else { "" };
    if rest.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{rest}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_map_is_to_scale_and_north_is_up() {
        let rect = Rect::from_min_size(Pos2::ZERO, Vec2::new(400.0, 200.0));
        let scale = Scale::fitting([0.0, 0.0, 1000.0, 1000.0], rect);
        let a = scale.screen_from_place(0.0, 0.0);
        let b = scale.screen_from_place(1000.0, 1000.0);
        assert!((b.x - a.x - 200.0).abs() < 1e-3, "{a:?} {b:?}");
        assert!((a.y - b.y - 200.0).abs() < 1e-3, "{a:?} {b:?}");
        let [x, y] = scale.place_from_screen(b);
        assert!((x - 1000.0).abs() < 1e-3 && (y - 1000.0).abs() < 1e-3);
    }

    #[test]
    fn a_single_place_lies_in_the_middle() {
        let rect = Rect::from_min_size(Pos2::ZERO, Vec2::new(400.0, 200.0));
        let scale = Scale::fitting([5.0, 5.0, 5.0, 5.0], rect);
        assert_eq!(scale.screen_from_place(5.0, 5.0), rect.center());
    }

    #[test]
    fn lengths_of_the_bar_are_round() {
        assert!((round_down(730.0) - 500.0).abs() < 1e-9);
        assert!((round_down(199.0) - 100.0).abs() < 1e-9);
        assert!((round_down(0.25) - 0.2).abs() < 1e-9);
        assert_eq!(coordinate(-6_711_002.4), "−6 711 002");
        assert_eq!(coordinate(12.5), "12.5");
    }
}
