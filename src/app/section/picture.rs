//! The last painted picture, shown where it belongs even while the window has moved on.

use egui::{Context, Pos2, Rect, TextureHandle, TextureOptions, Ui};

use super::painter::Painted;
use crate::view::{ClipRange, SectionWindow};

/// See the module.
#[derive(Default)]
pub(crate) struct Picture {
    texture: Option<TextureHandle>,
    window: Option<SectionWindow>,
    clip: Option<ClipRange>,
    millis: Option<f32>,
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Picture")
            .field("window", &self.window)
            .finish_non_exhaustive()
    }
}

impl Picture {
    /// Takes a new picture.
    pub(crate) fn set(&mut self, ctx: &Context, painted: Painted) {
        self.window = Some(painted.window);
        self.clip = Some(painted.clip);
        self.millis = Some(painted.millis);
        match &mut self.texture {
            Some(texture) => texture.set(painted.image, TextureOptions::NEAREST),
            None => {
                self.texture =
                    Some(ctx.load_texture("section", painted.image, TextureOptions::NEAREST));
            }
        }
    }

    pub(crate) fn clip(&self) -> Option<ClipRange> {
        self.clip
    }

    pub(crate) fn millis(&self) -> Option<f32> {
        self.millis
    }

    /// Draws it into `plot`, which shows `window`.
    pub(crate) fn draw(&self, ui: &Ui, plot: Rect, window: SectionWindow) {
        let painter = ui.painter().with_clip_rect(plot.intersect(ui.clip_rect()));
        painter.rect_filled(plot, 0.0, ui.visuals().extreme_bg_color);
        let (Some(texture), Some(painted)) = (&self.texture, self.window) else {
            return;
        };
        let at = |trace: f64, sample: f64| {
            let (x, y) = window.screen_from_section(trace, sample);
            #[expect(clippy::cast_possible_truncation, reason = "screen positions are f32")]
            let (x, y) = (x as f32, y as f32);
            Pos2::new(
                plot.left() + x * plot.width(),
                plot.top() + y * plot.height(),
            )
        };
        let rect = Rect::from_min_max(
            at(painted.first_trace, painted.first_sample),
            at(
                painted.first_trace + painted.n_traces,
                painted.first_sample + painted.n_samples,
            ),
        );
        let uv = Rect::from_min_max(Pos2::ZERO, Pos2::new(1.0, 1.0));
        painter.image(texture.id(), rect, uv, egui::Color32::WHITE);
    }
}
