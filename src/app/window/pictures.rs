//! What becomes of the picture on the screen: saved, copied, or drawn at a scale?

use super::App;
use crate::app::messages::{Message, Severity};
use crate::app::picture_dialog::{self, PictureDialog, PictureEvent};
use crate::app::scale_dialog::ScaleDialog;
use crate::app::state::Overlay;

impl App {
    /// Asks how the picture on the screen shall be saved.
    pub(super) fn ask_picture(&mut self) {
        let Some(id) = self.state.shown_viewer() else {
            return;
        };
        let folder = self.last_folder();
        if let Some(viewer) = self.state.viewer_mut(id) {
            let dialog = PictureDialog::of(viewer, folder);
            match dialog {
                Some(dialog) => self.state.overlay = Overlay::Picture(Box::new(dialog)),
                None => self.state.say(no_picture()),
            }
        }
    }

    /// What became of a picture that was saved.
    pub(super) fn picture_saved(&mut self, event: PictureEvent, ctx: &egui::Context) {
        match event {
            PictureEvent::Saved(message) => {
                if matches!(self.state.overlay, Overlay::Picture(_)) {
                    self.state.overlay = Overlay::None;
                }
                self.state.say(message);
            }
            PictureEvent::Copied(image) => {
                let [width, height] = image.size;
                let words = format!("{width} × {height} pixels, with axes and colour bar");
                ctx.copy_image(*image);
                self.state
                    .say(Message::new(Severity::Info, "Picture copied", words));
            }
            PictureEvent::Trouble(trouble) => {
                if let Overlay::Picture(dialog) = &mut self.state.overlay {
                    dialog.take(trouble);
                }
            }
        }
    }

    /// Paints the picture on the screen with its axes on a thread, for the clipboard.
    pub(super) fn copy_picture(&mut self) {
        let shown = self.state.shown_viewer();
        let viewer = shown.and_then(|id| self.state.viewer_mut(id));
        match viewer.and_then(|viewer| viewer.snapshot()) {
            Some((snapshot, title)) => picture_dialog::copy(snapshot, title, &self.workers),
            None => self.state.say(no_picture()),
        }
    }

    /// Asks at which scale the section shall be drawn.
    pub(super) fn ask_scale(&mut self) {
        let points_per_cm = f64::from(self.settings.points_per_cm);
        let shown = self.state.shown_viewer();
        let viewer = shown.and_then(|id| self.state.viewer_mut(id));
        match viewer.and_then(|viewer| ScaleDialog::of(viewer, points_per_cm)) {
            Some(dialog) => self.state.overlay = Overlay::Scale(Box::new(dialog)),
            None => self.state.say(no_picture()),
        }
    }
}

fn no_picture() -> Message {
    Message::new(
        Severity::Warning,
        "No picture yet",
        "The section is still loading.",
    )
}
