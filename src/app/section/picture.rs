//! The last painted picture, shown where it belongs even while the window has moved on.

use egui::{Context, Pos2, Rect, TextureHandle, TextureOptions, Ui};

use super::painter::Painted;
use crate::view::{ClipRange, SectionWindow};

/// See the module.
#[derive(Default)]
pub(crate) struct Picture {
    texture: Option<TextureHandle>,
    window: Option<SectionWindow>,
    /// In which it was shown last.
    shown_in: Option<SectionWindow>,
    /// Shown in this one until the next picture comes: it belongs to something else than the section
    /// on the screen.
    held_in: Option<SectionWindow>,
    clip: Option<ClipRange>,
    millis: Option<f32>,
    /// Of the request that it came from.
    number: u64,
    n_shown: u64,
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Picture")
            .field("window", &self.window)
            .finish_non_exhaustive()
    }
}

impl Picture {
    /// Takes a new picture, or the news that one was prepared.
    pub(crate) fn set(&mut self, ctx: &Context, painted: Painted) {
        self.number = painted.number;
        self.millis = Some(painted.millis);
        let Some(image) = painted.image else {
            return;
        };
        self.window = Some(painted.window);
        self.held_in = None;
        self.clip = Some(painted.clip);
        self.n_shown += 1;
        match &mut self.texture {
            Some(texture) => texture.set(image, TextureOptions::NEAREST),
            None => {
                self.texture = Some(ctx.load_texture("section", image, TextureOptions::NEAREST));
            }
        }
    }

    /// Says that a graphics card has drawn the picture, with this clip.
    pub(crate) fn drawn_by_card(&mut self, clip: ClipRange) {
        self.clip = Some(clip);
        self.n_shown += 1;
    }

    /// The number of the request whose answer came last.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Pictures shown since the start.
    pub(crate) fn n_shown(&self) -> u64 {
        self.n_shown
    }

    pub(crate) fn clip(&self) -> Option<ClipRange> {
        self.clip
    }

    pub(crate) fn millis(&self) -> Option<f32> {
        self.millis
    }

    /// Keeps the picture as it is until the next one comes, wherever the window goes: nothing is
    /// ever blank.
    pub(crate) fn hold(&mut self) {
        self.held_in = self.held_in.or(self.shown_in);
    }

    /// Draws it into `plot`, which shows `window`.
    pub(crate) fn draw(&mut self, ui: &Ui, plot: Rect, window: SectionWindow) {
        let window = self.held_in.unwrap_or(window);
        self.shown_in = Some(window);
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
        let rect = Rect::from_two_pos(
            at(painted.first_trace, painted.first_sample),
            at(
                painted.first_trace + painted.n_traces,
                painted.first_sample + painted.n_samples,
            ),
        );
        let mut uv = Rect::from_min_max(Pos2::ZERO, Pos2::new(1.0, 1.0));
        if window.from_right != painted.from_right {
            // It was painted before the line turned.
            (uv.min.x, uv.max.x) = (1.0, 0.0);
        }
        painter.image(texture.id(), rect, uv, egui::Color32::WHITE);
    }
}
