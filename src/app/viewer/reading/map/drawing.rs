//! How is the map drawn: its points, what is on the screen, the scale and the legend?

use std::sync::Arc;

use egui::{Align2, Color32, Pos2, Rect, Stroke, TextureOptions, Ui, Vec2};

use super::{MapPanel, rounded};
use crate::app::viewer::reading::chart::number_font;
use crate::app::viewer::reading::map_picture::{MapWindow, PictureRequest, colour, extent};
use crate::app::viewer::reading::pins::fraction;
use crate::app::{names, theme};
use crate::browse::PointMap;

/// The place of a point of the map.
pub(super) fn screen(window: &MapWindow, rect: Rect, x: f64, y: f64) -> Pos2 {
    let (px, py) = window.pixel(x, y, f64::from(rect.width()), f64::from(rect.height()));
    #[expect(clippy::cast_possible_truncation, reason = "a place on the screen")]
    let at = Vec2::new(px.clamp(-1e6, 1e6) as f32, py.clamp(-1e6, 1e6) as f32);
    rect.min + at
}

/// The points; while new ones are painted the old picture is shown where it belongs.
pub(super) fn picture(
    ui: &Ui,
    panel: &mut MapPanel,
    map: &Arc<PointMap>,
    window: MapWindow,
    rect: Rect,
) {
    let ground = ui.visuals().extreme_bg_color;
    ui.painter().rect_filled(rect, 0.0, ground);
    if let Some((request, image)) = panel.painter.poll() {
        let texture = ui.ctx().load_texture("map", image, TextureOptions::LINEAR);
        panel.painted = Some((request, texture));
    }
    let scale = ui.ctx().pixels_per_point();
    let most = ui.ctx().input(|i| i.max_texture_side).max(64);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "sizes on the screen"
    )]
    let pixels = |points: f32| ((points * scale).round().max(1.0) as usize).min(most);
    let mut of_pixels = window;
    of_pixels.a_pixel /= f64::from(scale);
    let request = PictureRequest {
        map: Arc::clone(map),
        window: of_pixels,
        width: pixels(rect.width()),
        height: pixels(rect.height()),
        by: panel.by(),
        ground,
        scale,
    };
    if panel.asked_picture.as_ref() != Some(&request) {
        panel.painter.request(request.clone());
        panel.asked_picture = Some(request);
    }
    if let Some((painted, texture)) = &panel.painted {
        let half_x = painted.window.a_pixel * painted.width as f64 / 2.0;
        let half_y = painted.window.a_pixel * painted.height as f64 / 2.0;
        let corner =
            |x: f64, y: f64| screen(&window, rect, painted.window.x + x, painted.window.y + y);
        let at = Rect::from_min_max(corner(-half_x, half_y), corner(half_x, -half_y));
        let uv = Rect::from_min_max(Pos2::ZERO, Pos2::new(1.0, 1.0));
        ui.painter()
            .with_clip_rect(rect)
            .image(texture.id(), at, uv, Color32::WHITE);
    }
    let line = Stroke::new(1.0, theme::palette(ui).line);
    ui.painter()
        .rect_stroke(rect, 0.0, line, egui::StrokeKind::Inside);
}

/// Rings around the places of the gather on the screen.
pub(super) fn marks(painter: &egui::Painter, panel: &MapPanel, window: &MapWindow, rect: Rect) {
    let Some((marked, places)) = &panel.marks else {
        return;
    };
    if marked.kind != panel.kind {
        return;
    }
    let mut last = Pos2::new(f32::MIN, f32::MIN);
    let ink = Color32::from_rgb(240, 90, 40);
    for (x, y) in places.iter().filter(|(x, _)| x.is_finite()) {
        let at = screen(window, rect, *x, *y);
        if (at - last).length() < 1.5 || !rect.expand(8.0).contains(at) {
            continue;
        }
        last = at;
        painter.circle_stroke(at, 4.4, Stroke::new(1.4, ink));
    }
}

/// A round length below, with its unit.
pub(super) fn scale_bar(ui: &Ui, window: &MapWindow, rect: Rect, unit: &str) {
    let most = f64::from(rect.width()) * window.a_pixel * 0.3;
    if !(most.is_finite() && most > 0.0) {
        return;
    }
    let power = 10_f64.powf(most.log10().floor());
    let length = [5.0, 2.0, 1.0]
        .into_iter()
        .map(|m| m * power)
        .find(|l| *l <= most)
        .unwrap_or(power);
    #[expect(clippy::cast_possible_truncation, reason = "a part of the map's width")]
    let points = (length / window.a_pixel) as f32;
    let right = rect.right_bottom() - Vec2::new(14.0, 12.0);
    let left = right - Vec2::new(points, 0.0);
    let p = theme::palette(ui);
    let words = if unit == "m" && length >= 1000.0 {
        format!("{} km", fraction(length / 1000.0))
    } else {
        format!("{} {unit}", fraction(length))
    };
    label(
        ui,
        Pos2::new(f32::midpoint(left.x, right.x), right.y - 5.0),
        Align2::CENTER_BOTTOM,
        &words,
    );
    let line = Stroke::new(2.0, p.text);
    let painter = ui.painter();
    painter.hline(left.x..=right.x, right.y, line);
    for end in [left, right] {
        painter.vline(end.x, end.y - 4.0..=end.y + 4.0, line);
    }
}

/// What the colours stand for.
pub(super) fn legend(ui: &Ui, panel: &MapPanel, map: &PointMap, rect: Rect, unit: &str) {
    let Some((low, high)) = extent(map, panel.by()) else {
        return;
    };
    let bar = Rect::from_min_size(
        rect.left_bottom() + Vec2::new(12.0, -22.0),
        Vec2::new(110.0, 8.0),
    );
    let name = panel.value.as_ref().map_or_else(
        || {
            if map.is_binned {
                format!(
                    "Fold (traces in {} × {} {unit})",
                    fraction(rounded(map.cell)),
                    fraction(rounded(map.cell))
                )
            } else {
                "Fold (traces at a place)".to_owned()
            }
        },
        |name| names::label(name),
    );
    let range = if high > low {
        format!(
            "{} … {}",
            fraction(rounded_any(low)),
            fraction(rounded_any(high))
        )
    } else {
        fraction(low)
    };
    label(
        ui,
        bar.left_top() - Vec2::new(0.0, 4.0),
        Align2::LEFT_BOTTOM,
        &format!("{name}: {range}"),
    );
    let painter = ui.painter();
    let n = 44_u8;
    for i in 0..n {
        let share = f32::from(i) / f32::from(n);
        let part = Rect::from_min_size(
            Pos2::new(bar.left() + share * bar.width(), bar.top()),
            Vec2::new(bar.width() / f32::from(n) + 0.5, bar.height()),
        );
        let share = if high > low { f64::from(share) } else { 0.6 };
        painter.rect_filled(part, 0.0, colour(share));
    }
    let ring = bar.right_center() + Vec2::new(20.0, 0.0);
    let ink = Color32::from_rgb(240, 90, 40);
    painter.circle_stroke(ring, 4.4, Stroke::new(1.4, ink));
    label(
        ui,
        ring + Vec2::new(10.0, 0.0),
        Align2::LEFT_CENTER,
        "on the screen",
    );
}

fn rounded_any(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// Words on a ground that lets them be read over points.
pub(super) fn label(ui: &Ui, at: Pos2, align: Align2, words: &str) {
    let p = theme::palette(ui);
    let painter = ui.painter();
    let galley = painter.layout_no_wrap(words.to_owned(), number_font(ui), p.text);
    let rect = align.anchor_size(at, galley.size());
    painter.rect_filled(
        rect.expand2(Vec2::new(4.0, 1.0)),
        3.0,
        ui.visuals().extreme_bg_color.gamma_multiply(0.85),
    );
    painter.galley(rect.min, galley, p.text);
}
