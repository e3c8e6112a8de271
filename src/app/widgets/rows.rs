//! Which of millions of rows are on the screen?
//!
//! Rows are counted, not measured: ten million rows of 20 points are beyond what 32-bit positions on a
//! screen can tell apart.

use std::ops::Range;

use egui::{Context, Pos2, Rect, Sense, Ui, Vec2, WidgetInfo};

use crate::app::theme;

/// Points across of the bar at the right.
pub(crate) const BAR: f32 = 12.0;
/// Points down of its handle at least.
const LEAST_HANDLE: f32 = 24.0;

/// Where a list of rows of equal height stands.
#[derive(Clone, Debug, Default)]
pub(crate) struct RowScroll {
    first: u64,
    /// A part of a wheel's notch.
    wheel: f32,
}

impl RowScroll {
    /// The rows to be drawn; after fewer have come into the list, too.
    pub(crate) fn rows(&mut self, n_rows: u64, n_visible: u64) -> Range<u64> {
        self.first = self.first.min(n_rows.saturating_sub(n_visible));
        self.first..self.first.saturating_add(n_visible).min(n_rows)
    }

    /// Back to the first row.
    pub(crate) fn rewind(&mut self) {
        self.first = 0;
    }

    /// Brings a row into the middle, unless it is on the screen.
    pub(crate) fn show(&mut self, row: u64, n_visible: u64) {
        if !(self.first..self.first.saturating_add(n_visible)).contains(&row) {
            self.center(row, n_visible);
        }
    }

    /// Brings a row into the middle.
    pub(crate) fn center(&mut self, row: u64, n_visible: u64) {
        self.first = row.saturating_sub(n_visible / 2);
    }

    /// Follows the wheel over rows of so many points; positive is up.
    pub(crate) fn turn(&mut self, wheel: f32, row_height: f32) {
        self.wheel -= wheel / row_height;
        let whole = self.wheel.trunc();
        self.wheel -= whole;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "notches of a wheel"
        )]
        let rows = whole.abs() as u64;
        self.first = if whole < 0.0 {
            self.first.saturating_sub(rows)
        } else {
            self.first.saturating_add(rows)
        };
    }

    /// The bar along `track`: its handle stands for the rows on the screen.
    pub(crate) fn bar(&mut self, ui: &Ui, track: Rect, name: &str, n_visible: u64, n_rows: u64) {
        if n_rows <= n_visible {
            return;
        }
        let response = ui.interact(track, ui.scope_id().with(name), Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::labeled(egui::Role::ScrollBar, true, name));
        let last = (n_rows - n_visible) as f64;
        #[expect(clippy::cast_possible_truncation, reason = "a share of the bar")]
        let share = (n_visible as f64 / n_rows as f64) as f32;
        let least = LEAST_HANDLE.min(track.height());
        let height = (track.height() * share).clamp(least, track.height());
        let free = (track.height() - height).max(1.0);
        if let Some(at) = response.interact_pointer_pos() {
            let along = f64::from(((at.y - track.top() - height / 2.0) / free).clamp(0.0, 1.0));
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "between 0 and the last row"
            )]
            let row = (along * last).round() as u64;
            self.first = row;
        }
        #[expect(clippy::cast_possible_truncation, reason = "a share of the bar")]
        let along = (self.first as f64 / last.max(1.0)) as f32;
        let handle = Rect::from_min_size(
            Pos2::new(track.left(), track.top() + free * along.min(1.0)),
            Vec2::new(track.width(), height),
        );
        let p = theme::palette(ui);
        let ground = ui.visuals().extreme_bg_color;
        ui.painter().rect_filled(track, 4.0, ground);
        let ink = if response.hovered() || response.dragged() {
            p.accent
        } else {
            p.weak.gamma_multiply(0.7)
        };
        ui.painter().rect_filled(handle, 4.0, ink);
    }
}

/// How many rows of so many points find room, at least one.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "rows of a screen"
)]
pub(crate) fn that_fit(points: f32, row_height: f32) -> u64 {
    (points / row_height).floor().max(1.0) as u64
}

/// So that wheels over a panel do not reach what lies below it.
pub(crate) fn take_wheel(ctx: &Context) -> Vec2 {
    ctx.input_mut(|input| {
        let mut all = Vec2::ZERO;
        input.events.retain(|event| {
            if let egui::Event::MouseWheel { unit, delta, .. } = event {
                let line = match unit {
                    egui::MouseWheelUnit::Point => 1.0,
                    egui::MouseWheelUnit::Line => 50.0,
                    egui::MouseWheelUnit::Page => 400.0,
                };
                all += *delta * line;
                false
            } else {
                true
            }
        });
        all
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stay_in_the_list_and_a_row_far_down_comes_into_the_middle() {
        let mut scroll = RowScroll::default();
        assert_eq!(scroll.rows(10_000_000, 20), 0..20);
        scroll.show(4_999_921, 20);
        assert_eq!(scroll.rows(10_000_000, 20), 4_999_911..4_999_931);
        scroll.show(4_999_930, 20);
        assert_eq!(scroll.rows(10_000_000, 20), 4_999_911..4_999_931);
        scroll.center(9_999_999, 20);
        assert_eq!(scroll.rows(10_000_000, 20), 9_999_980..10_000_000);
        assert_eq!(scroll.rows(7, 20), 0..7);
        assert_eq!(scroll.rows(0, 20), 0..0);
    }

    #[test]
    fn parts_of_a_notch_add_up() {
        let mut scroll = RowScroll::default();
        for _ in 0..5 {
            scroll.turn(-9.0, 20.0);
        }
        assert_eq!(scroll.rows(100, 10), 2..12);
        scroll.turn(60.0, 20.0);
        assert_eq!(scroll.rows(100, 10), 0..10);
    }
}
