//! What the mouse does around the picture: the axes, the colour bar, the menu of the right button.

use egui::{CursorIcon, Event, Rect, Response, Sense, Ui, WidgetInfo};

use super::{Section, Setting, axes, mouse};
use crate::app::command::Action;
use crate::app::shortcuts;
use crate::view::SectionWindow;

/// A drag over so many points zooms as one notch of the wheel.
const POINTS_A_NOTCH: f32 = 14.0;

/// The menu of the right button.
const MENU: [&[Action]; 4] = [
    &[Action::Fit, Action::OneToOne, Action::Scale],
    &[Action::PreviousZoom, Action::NextZoom],
    &[Action::PinTrace, Action::Histogram, Action::Polarity],
    &[Action::SavePicture, Action::CopyPicture],
];

impl Section {
    /// The wheel over an axis, or a drag along it, stretches that axis only.
    pub(super) fn read_axes(&mut self, ui: &Ui, frame: &axes::Frame) {
        let (all, plot) = (frame.all, frame.plot);
        let left = Rect::from_x_y_ranges(all.left()..=plot.left() - 2.0, plot.y_range());
        let top = Rect::from_x_y_ranges(plot.x_range(), all.top()..=plot.top() - 2.0);
        let name = "Vertical axis: drag or turn the wheel to stretch";
        if let Some((factor, share)) = stretched(ui, left, true, name) {
            self.zoom_axis(1.0, factor, 0.5, share);
        }
        let name = "Trace axis: drag or turn the wheel to stretch";
        if let Some((factor, share)) = stretched(ui, top, false, name) {
            self.zoom_axis(factor, 1.0, share, 0.5);
        }
        let bar = ui.interact(
            axes::bar_rect(frame).expand(4.0),
            ui.scope_id().with("colour bar"),
            Sense::click(),
        );
        bar.widget_info(|| {
            WidgetInfo::labeled(egui::Role::Button, true, "Colour bar: amplitude histogram")
        });
        if bar.double_clicked() {
            self.asked.push(Action::AutomaticClip);
        } else if bar.clicked() {
            self.asked.push(Action::Histogram);
        }
        bar.on_hover_text("Click: histogram of the amplitudes. Double-click: automatic clip");
    }

    /// One step of the history for a whole drag or turn.
    fn zoom_axis(&mut self, factor_x: f64, factor_y: f64, x: f64, y: f64) {
        let turning = self
            .wheeled
            .is_some_and(|t| t.elapsed() < super::reading::WHEEL_PAUSE);
        if turning {
            if let (Some(window), Some(bounds)) = (self.window(), self.bounds()) {
                let window = window.zoomed(factor_x, factor_y, x, y, &bounds);
                self.window = (window != bounds).then_some(window);
            }
        } else {
            self.zoom(factor_x, factor_y, x, y);
        }
        self.wheeled = Some(std::time::Instant::now());
    }

    /// The menu of the right button.
    pub(super) fn show_menu(&mut self, response: &Response) {
        response.context_menu(|ui| {
            ui.set_min_width(240.0);
            let (back, forward) = self.zoom_steps();
            for (i, group) in MENU.iter().enumerate() {
                if i > 0 {
                    ui.separator();
                }
                for action in *group {
                    let enabled = [
                        (Action::PreviousZoom, back),
                        (Action::NextZoom, forward),
                        (Action::Fit, self.is_zoomed()),
                    ]
                    .iter()
                    .all(|(known, can)| known != action || *can);
                    if shortcuts::entry(ui, *action, enabled) {
                        self.asked.push(*action);
                        ui.close();
                    }
                }
            }
        });
    }

    /// The header rows with the column that traces stand at, below the others, or with the first key
    /// above them, where lines are drawn between gathers.
    pub(super) fn all_rows(&self, setting: &Setting<'_>) -> Vec<String> {
        let mut rows = setting.rows.to_vec();
        if let (Some(line), Some(key)) = (&self.line, setting.keys.first())
            && self.band_row(&rows, setting).is_none()
            && setting.look.separators
            && line.has_header(key)
        {
            rows.insert(0, key.clone());
        }
        if self.line.is_none()
            && let Some(column) = self.places.column()
            && !rows.iter().any(|row| row == column)
        {
            rows.push(column.to_owned());
        }
        rows
    }

    /// Where no trace stands there is nothing: not a colour of the table.
    pub(super) fn draw_gaps(&self, ui: &Ui, plot: Rect, window: &SectionWindow) {
        let Some(placement) = self.placement() else {
            return;
        };
        let painter = ui.painter().with_clip_rect(plot.intersect(ui.clip_rect()));
        for (from, to) in placement.gaps() {
            let x = |position: f64| {
                let (x, _) = window.screen_from_section(position, 0.0);
                #[expect(clippy::cast_possible_truncation, reason = "a fraction of the screen")]
                let x = x as f32;
                plot.left() + x * plot.width()
            };
            let gap = Rect::from_x_y_ranges(x(from)..=x(to), plot.y_range());
            painter.rect_filled(gap, 0.0, ui.visuals().panel_fill);
        }
    }

    /// Badges about where traces stand.
    pub(super) fn places_words(&self) -> Vec<String> {
        let mut words = Vec::new();
        if self.line.is_none() {
            words.extend(self.places.badge().map(ToOwned::to_owned));
        }
        if self.places.is_reversed() {
            words.push("Traces from right to left".to_owned());
        }
        words
    }
}

/// A zoom of one axis about a share of its length.
fn stretched(ui: &Ui, rect: Rect, upright: bool, name: &str) -> Option<(f64, f64)> {
    if !rect.is_positive() {
        return None;
    }
    let response = ui.interact(rect, ui.scope_id().with(name), Sense::drag());
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Slider, true, name));
    let at = response
        .hover_pos()
        .or_else(|| response.interact_pointer_pos())?;
    ui.ctx().set_cursor_icon(if upright {
        CursorIcon::ResizeVertical
    } else {
        CursorIcon::ResizeHorizontal
    });
    let share = if upright {
        (at.y - rect.top()) / rect.height()
    } else {
        (at.x - rect.left()) / rect.width()
    };
    let mut notches = 0.0;
    if response.dragged() {
        let moved = response.drag_delta();
        notches = if upright { moved.y } else { moved.x } / POINTS_A_NOTCH;
    } else if response.contains_pointer() {
        ui.input(|input| {
            for event in &input.events {
                if let Event::MouseWheel { unit, delta, .. } = event {
                    notches += mouse::notches_of(*unit, *delta);
                }
            }
        });
    }
    // About the middle while dragging, where the pointer is while turning.
    let share = if response.dragged() { 0.5 } else { share };
    (notches.abs() > 0.0).then(|| (mouse::factor_of(notches), f64::from(share)))
}
