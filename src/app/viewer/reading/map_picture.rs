//! The points of the map as a picture, painted on a thread at the screen's resolution.

use std::sync::Arc;

use egui::{Color32, ColorImage};

use crate::browse::{MapPoint, PointMap};
use crate::view::COLOUR_TABLES;

/// Which part of the map is on the screen: its middle and how much one pixel is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct MapWindow {
    pub(super) x: f64,
    pub(super) y: f64,
    /// In the coordinates' unit.
    pub(super) a_pixel: f64,
}

impl MapWindow {
    /// All of `bounds` (x from, to, y from, to) in so many pixels, with some air.
    pub(super) fn fit(bounds: [f64; 4], width: f64, height: f64) -> Self {
        let [left, right, bottom, top] = bounds;
        let across = (right - left) * 1.1 / width.max(1.0);
        let down = (top - bottom) * 1.1 / height.max(1.0);
        let a_pixel = across.max(down);
        Self {
            x: f64::midpoint(left, right),
            y: f64::midpoint(bottom, top),
            a_pixel: if a_pixel > 0.0 { a_pixel } else { 1.0 },
        }
    }

    /// Pixels right of and below the picture's upper left corner; north is up.
    pub(super) fn pixel(&self, x: f64, y: f64, width: f64, height: f64) -> (f64, f64) {
        (
            width / 2.0 + (x - self.x) / self.a_pixel,
            height / 2.0 - (y - self.y) / self.a_pixel,
        )
    }

    /// The inverse of [`Self::pixel`].
    pub(super) fn place(&self, px: f64, py: f64, width: f64, height: f64) -> (f64, f64) {
        (
            self.x + (px - width / 2.0) * self.a_pixel,
            self.y - (py - height / 2.0) * self.a_pixel,
        )
    }
}

/// What the colours stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ColourBy {
    Fold,
    Value,
}

impl ColourBy {
    pub(super) fn of(self, point: &MapPoint) -> f64 {
        match self {
            Self::Fold => f64::from(point.n_traces),
            Self::Value => point.value,
        }
    }
}

/// Smallest and largest of what is coloured.
pub(super) fn extent(map: &PointMap, by: ColourBy) -> Option<(f64, f64)> {
    let values = || {
        map.points
            .iter()
            .map(|p| by.of(p))
            .filter(|v| v.is_finite())
    };
    Some((values().reduce(f64::min)?, values().reduce(f64::max)?))
}

/// What to paint.
#[derive(Clone)]
pub(super) struct PictureRequest {
    pub(super) map: Arc<PointMap>,
    pub(super) window: MapWindow,
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) by: ColourBy,
    pub(super) ground: Color32,
    /// Points per pixel of the screen, for the size of dots.
    pub(super) scale: f32,
}

impl PartialEq for PictureRequest {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.map, &other.map)
            && self.window == other.window
            && (self.width, self.height) == (other.width, other.height)
            && self.by == other.by
            && self.ground == other.ground
    }
}

/// A colour between dark blue and yellow for a share of the range.
pub(super) fn colour(share: f64) -> Color32 {
    let table = COLOUR_TABLES
        .iter()
        .find(|table| table.name == "Viridis")
        .or_else(|| COLOUR_TABLES.first());
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "0 to 255"
    )]
    let entry = (share.clamp(0.0, 1.0) * 255.0).round() as usize;
    let found = table.and_then(|table| table.lookup().get(entry).copied());
    found.map_or(Color32::GRAY, |[r, g, b, _]| Color32::from_rgb(r, g, b))
}

/// Paints all points; larger values lie on top.
pub(super) fn paint(request: &PictureRequest) -> ColorImage {
    let (width, height) = (request.width.max(1), request.height.max(1));
    let mut image = ColorImage::filled([width, height], request.ground);
    let (low, high) = extent(&request.map, request.by).unwrap_or((0.0, 1.0));
    let span = high - low;
    let palette: Vec<Color32> = (0..=255_u8).map(|i| colour(f64::from(i) / 255.0)).collect();
    let radius = radius(request);
    let mut order: Vec<&MapPoint> = request.map.points.iter().collect();
    order.sort_by(|a, b| request.by.of(a).total_cmp(&request.by.of(b)));
    for point in order {
        let value = request.by.of(point);
        let share = if span > 0.0 {
            (value - low) / span
        } else {
            0.6
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "0 to 255"
        )]
        let entry = (share.clamp(0.0, 1.0) * 255.0) as usize;
        let ink = if value.is_nan() {
            Color32::GRAY
        } else {
            palette.get(entry).copied().unwrap_or(Color32::GRAY)
        };
        let (x, y) = request
            .window
            .pixel(point.x, point.y, width as f64, height as f64);
        dot(&mut image, x, y, radius, ink);
    }
    image
}

/// Dots are small where there are many, and fill their cells where one is near.
fn radius(request: &PictureRequest) -> f64 {
    let cell = request.map.cell / request.window.a_pixel / 2.0;
    let n = request.map.points.len().max(1) as f64;
    let room = (request.width as f64 * request.height as f64 / n).sqrt() / 3.0;
    let scale = f64::from(request.scale);
    cell.max(room.clamp(1.0 * scale, 4.0 * scale)).min(40.0)
}

fn dot(image: &mut ColorImage, x: f64, y: f64, radius: f64, ink: Color32) {
    let [width, height] = image.size;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "kept between 0 and the size"
    )]
    let span = |centre: f64, most: usize| {
        let from = (centre - radius).round().clamp(0.0, most as f64) as usize;
        let to = (centre + radius).round().clamp(0.0, most as f64) as usize;
        from..to
    };
    for row in span(y, height) {
        for column in span(x, width) {
            let away = (column as f64 + 0.5 - x).hypot(row as f64 + 0.5 - y);
            if (away <= radius || radius <= 1.5)
                && let Some(pixel) = image.pixels.get_mut(row * width + column)
            {
                *pixel = ink;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map() -> Arc<PointMap> {
        let point = |x: f64, y: f64, n_traces: u32| MapPoint {
            x,
            y,
            n_traces,
            value: f64::NAN,
            first_trace: 0,
        };
        Arc::new(PointMap {
            points: vec![point(0.0, 0.0, 1), point(100.0, 50.0, 9)],
            cell: 0.01,
            is_binned: false,
            one_in: 1,
            n_without: 0,
        })
    }

    #[test]
    fn both_axes_have_the_same_scale_and_north_is_up() {
        let window = MapWindow::fit([0.0, 100.0, 0.0, 50.0], 200.0, 400.0);
        let at = |x: f64, y: f64| window.pixel(x, y, 200.0, 400.0);
        let (left, low) = at(0.0, 0.0);
        let (right, high) = at(100.0, 50.0);
        assert!(((right - left) / 100.0 - (low - high) / 50.0).abs() < 1e-9);
        assert!(high < low && left >= 0.0 && right <= 200.0);
        let (x, y) = window.place(right, high, 200.0, 400.0);
        assert!((x - 100.0).abs() < 1e-9 && (y - 50.0).abs() < 1e-9);
    }

    #[test]
    fn points_are_painted_where_they_lie_in_their_colours() {
        let request = PictureRequest {
            map: map(),
            window: MapWindow::fit([0.0, 100.0, 0.0, 50.0], 200.0, 100.0),
            width: 200,
            height: 100,
            by: ColourBy::Fold,
            ground: Color32::BLACK,
            scale: 1.0,
        };
        let image = paint(&request);
        let at = |x: f64, y: f64| {
            let (x, y) = request.window.pixel(x, y, 200.0, 100.0);
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "inside of the picture"
            )]
            let place = y as usize * 200 + x as usize;
            image.pixels.get(place).copied()
        };
        assert_eq!(at(0.0, 0.0), Some(colour(0.0)));
        assert_eq!(at(100.0, 50.0), Some(colour(1.0)));
        assert_eq!(at(50.0, 10.0), Some(Color32::BLACK));
        assert_eq!(extent(&request.map, ColourBy::Fold), Some((1.0, 9.0)));
        assert_eq!(extent(&request.map, ColourBy::Value), None);
    }

    #[test]
    fn one_place_fits_too() {
        let window = MapWindow::fit([5.0, 5.0, 7.0, 7.0], 100.0, 100.0);
        assert_eq!(window.pixel(5.0, 7.0, 100.0, 100.0), (50.0, 50.0));
    }
}
