//! The whole line in a strip under the section, with the window's place. A click or a drag moves it.

use egui::{Color32, Context, Pos2, Rect, Sense, Stroke, Ui, WidgetInfo};

use super::line::Line;
use super::look::Look;
use super::painter::{Painter, Request};
use super::picture::Picture;
use crate::view::{DisplayMode, SectionWindow};

/// Height of the strip with its distance to the section.
pub(super) const HEIGHT: f32 = 56.0;

/// See the module.
#[derive(Debug)]
pub(super) struct Minimap {
    painter: Painter,
    picture: Picture,
}

impl Minimap {
    pub(super) fn new(painter: Painter) -> Self {
        Self {
            painter,
            picture: Picture::default(),
        }
    }

    /// Draws the strip; gives the trace that shall be in the window's middle.
    pub(super) fn show(
        &mut self,
        ui: &Ui,
        rect: Rect,
        line: &mut Line,
        (window, bounds): (&SectionWindow, &SectionWindow),
        setting: (&Look, Option<f32>),
    ) -> Option<f64> {
        self.request(ui.ctx(), rect, line, bounds, setting);
        let response = ui.interact(rect, ui.scope_id().with("minimap"), Sense::click_and_drag());
        response.widget_info(|| {
            WidgetInfo::labeled(
                egui::Role::Slider,
                true,
                "The whole line: click or drag to move",
            )
        });
        self.picture.draw(ui, rect, *bounds);
        let painter = ui.painter().with_clip_rect(rect.expand(2.0));
        let x = |trace: f64| {
            let (share, _) = bounds.screen_from_section(trace, 0.0);
            #[expect(clippy::cast_possible_truncation, reason = "a fraction of the screen")]
            let share = share as f32;
            rect.left() + share * rect.width()
        };
        let (left, right) = (
            x(window.first_trace),
            x(window.first_trace + window.n_traces),
        );
        // A window of a few traces of millions is still seen.
        let middle = f32::midpoint(left, right);
        let half = ((right - left).abs() / 2.0).max(2.0);
        let place = Rect::from_x_y_ranges(middle - half..=middle + half, rect.y_range());
        let shade = Color32::from_black_alpha(110);
        for (from, to) in [(rect.left(), place.left()), (place.right(), rect.right())] {
            if to > from {
                let side =
                    Rect::from_min_max(Pos2::new(from, rect.top()), Pos2::new(to, rect.bottom()));
                painter.rect_filled(side, 0.0, shade);
            }
        }
        let accent = crate::app::theme::palette(ui).accent;
        painter.rect_stroke(
            place,
            1.0,
            Stroke::new(2.0, accent),
            egui::StrokeKind::Outside,
        );
        if response.hovered() {
            ui.ctx().set_cursor_icon(egui::CursorIcon::Grab);
        }
        if response.dragged() || response.clicked() || response.is_pointer_button_down_on() {
            let at = response.interact_pointer_pos()?;
            let share = f64::from((at.x - rect.left()) / rect.width().max(1.0));
            let (trace, _) = bounds.section_from_screen(share.clamp(0.0, 1.0), 0.0);
            return Some(trace);
        }
        None
    }

    fn request(
        &mut self,
        ctx: &Context,
        rect: Rect,
        line: &mut Line,
        bounds: &SectionWindow,
        (look, dataset_clip): (&Look, Option<f32>),
    ) {
        if let Some(painted) = self.painter.poll() {
            self.picture.set(ctx, painted);
        }
        let scene = line.whole();
        let scale = ctx.pixels_per_point();
        let mut look = look.clone();
        look.mode = DisplayMode::Density;
        self.painter.ask(Request {
            paint: true,
            what: scene.what,
            brightness: Some(scene.brightness),
            window: *bounds,
            look,
            placement: None,
            dataset_clip,
            width: super::drawing::pixels(rect.width(), scale, 4096),
            height: super::drawing::pixels(rect.height(), scale, 4096),
        });
    }
}
