//! How shall the picture on the screen be saved? Size, title, place; painted and written by a thread.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use egui::{Button, ComboBox, DragValue, Id, Modal, TextEdit, Ui};

use super::command::{Command, Commands};
use super::messages::{Message, Severity};
use super::open::path_from_text;
use super::section::Snapshot;
use super::viewer::Viewer;
use super::workers::{Event, Workers};
use super::{numbers, widgets};

/// Least and most of a side: what a reader can still open.
const SIDE: std::ops::RangeInclusive<usize> = 320..=12_000;
/// Sizes on offer.
const SIZES: [(&str, usize, usize); 5] = [
    ("Screen, 1920 × 1080", 1920, 1080),
    ("Slide, 2560 × 1440", 2560, 1440),
    ("4K, 3840 × 2160", 3840, 2160),
    ("Half a page at 300 dpi, 2000 × 1500", 2000, 1500),
    ("A4 across at 300 dpi, 3508 × 2480", 3508, 2480),
];

/// What became of a picture.
#[derive(Debug)]
pub(crate) enum PictureEvent {
    Saved(Message),
    /// For the clipboard.
    Copied(Box<egui::ColorImage>),
    Trouble(Trouble),
}

/// Why it was not saved.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// There is a file already.
    Exists(PathBuf),
    Failed(String),
}

/// What is asked for.
#[derive(Debug)]
pub(crate) struct PictureDialog {
    snapshot: Snapshot,
    title: String,
    width: usize,
    height: usize,
    path: String,
    is_saving: bool,
    trouble: Option<Trouble>,
}

impl PictureDialog {
    /// For what a viewer shows; `None` while it shows nothing.
    pub(crate) fn of(viewer: &mut Viewer, folder: Option<PathBuf>) -> Option<Self> {
        let (snapshot, title) = viewer.snapshot()?;
        let (width, height) = size_with_axes(&snapshot);
        let name: String = title
            .chars()
            .map(|c| {
                if c.is_alphanumeric() || ".-_".contains(c) {
                    c
                } else {
                    '_'
                }
            })
            .collect();
        let mut squeezed = name.replace("__", "_");
        while squeezed.contains("__") {
            squeezed = squeezed.replace("__", "_");
        }
        let path = folder.unwrap_or_default().join(format!("{squeezed}.png"));
        Some(Self {
            snapshot,
            title,
            width,
            height,
            path: path.display().to_string(),
            is_saving: false,
            trouble: None,
        })
    }

    pub(crate) fn set_path(&mut self, path: &Path) {
        let path = if path.extension().is_none() {
            path.with_extension("png")
        } else {
            path.to_path_buf()
        };
        self.path = path.display().to_string();
        self.trouble = None;
    }

    pub(crate) fn take(&mut self, trouble: Trouble) {
        self.is_saving = false;
        self.trouble = Some(trouble);
    }

    /// Paints and writes on a thread.
    pub(crate) fn save(&mut self, replace: bool, workers: &Workers) {
        let typed = path_from_text(&self.path);
        if let Some(path) = &typed {
            self.set_path(path);
        }
        let Some(path) = path_from_text(&self.path).filter(|_| typed.is_some()) else {
            self.trouble = Some(Trouble::Failed(
                "Type where the picture shall lie.".to_owned(),
            ));
            return;
        };
        self.is_saving = true;
        self.trouble = None;
        let (snapshot, title) = (self.snapshot.clone(), self.title.clone());
        let (width, height) = (self.width, self.height);
        workers.start("picture", move |_| {
            Event::Picture(saved(&path, replace, || {
                snapshot.figure(&title, width, height).to_png()
            }))
        });
    }
}

/// With room for axes and colour bar around the picture that is on the screen.
fn size_with_axes(snapshot: &Snapshot) -> (usize, usize) {
    let (width, height) = snapshot.size();
    let side = |length: usize| length.clamp(*SIDE.start(), *SIDE.end());
    (side(width + 240), side(height + 140))
}

/// Paints what is on the screen with its axes, for the clipboard.
pub(crate) fn copy(snapshot: Snapshot, title: String, workers: &Workers) {
    let (width, height) = size_with_axes(&snapshot);
    workers.start("picture", move |_| {
        let image = snapshot.figure(&title, width, height);
        let size = [image.width, image.height];
        let image = egui::ColorImage::from_rgba_unmultiplied(size, &image.rgba);
        Event::Picture(PictureEvent::Copied(Box::new(image)))
    });
}

/// Writes a new file, or replaces one only when asked to; never half of one under its name.
fn saved<E: std::fmt::Display>(
    path: &Path,
    replace: bool,
    png: impl FnOnce() -> Result<Vec<u8>, E>,
) -> PictureEvent {
    let failed = |why: String| {
        PictureEvent::Trouble(Trouble::Failed(format!("The picture was not saved: {why}")))
    };
    if !replace && path.exists() {
        return PictureEvent::Trouble(Trouble::Exists(path.to_path_buf()));
    }
    let png = match png() {
        Ok(png) => png,
        Err(error) => return failed(error.to_string()),
    };
    let written = if replace {
        let beside = path.with_extension("png.partial");
        std::fs::write(&beside, &png).and_then(|()| std::fs::rename(&beside, path))
    } else {
        std::fs::File::create_new(path).and_then(|mut file| file.write_all(&png))
    };
    match written {
        Ok(()) => {
            let size = numbers::bytes(png.len() as u64);
            let words = format!("{size}, in {}", path.display());
            PictureEvent::Saved(Message::new(Severity::Info, "Picture saved", words))
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            PictureEvent::Trouble(Trouble::Exists(path.to_path_buf()))
        }
        Err(error) => failed(error.to_string()),
    }
}

/// Draws the dialog.
pub(crate) fn show(ctx: &egui::Context, dialog: &mut PictureDialog, commands: &mut Commands) {
    let modal = Modal::new(Id::unique("save picture"))
        .frame(egui::Frame::window(&ctx.global_style()).inner_margin(18.0))
        .show(ctx, |ui| {
            ui.set_width(520.0);
            ui.heading("Save a picture");
            ui.add_space(4.0);
            widgets::hint(ui, "PNG of what is on the screen, with axes and colour bar");
            ui.add_space(8.0);
            fields(ui, dialog, commands);
            ui.add_space(8.0);
            trouble(ui, dialog, commands);
            ui.horizontal(|ui| {
                let text = if dialog.is_saving {
                    "Saving…"
                } else {
                    "Save"
                };
                let ready = !dialog.is_saving && !dialog.path.trim().is_empty();
                if widgets::primary(ui, ready, text).clicked() {
                    commands.push(Command::SavePicture { replace: false });
                }
                if ui.button("Cancel").clicked() {
                    commands.push(Command::StayOpen);
                }
            });
        });
    if modal.should_close() {
        commands.push(Command::StayOpen);
    }
}

fn fields(ui: &mut Ui, dialog: &mut PictureDialog, commands: &mut Commands) {
    ui.label("Title");
    let edit = TextEdit::singleline(&mut dialog.title).desired_width(f32::INFINITY);
    widgets::name_field(&ui.add(edit), "Title");
    ui.add_space(6.0);
    ui.label("Size in pixels");
    ui.horizontal(|ui| {
        let drag = |value| DragValue::new(value).range(SIDE).speed(4.0);
        let width = ui.add(drag(&mut dialog.width));
        width.widget_info(|| named_number("Width in pixels"));
        ui.label("×");
        let height = ui.add(drag(&mut dialog.height));
        height.widget_info(|| named_number("Height in pixels"));
        let combo = ComboBox::from_id_salt("picture size")
            .selected_text("Usual sizes")
            .width(120.0)
            .show_ui(ui, |ui| {
                for (name, width, height) in SIZES {
                    if ui.selectable_label(false, name).clicked() {
                        (dialog.width, dialog.height) = (width, height);
                    }
                }
            });
        combo
            .response
            .widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, "Usual sizes"));
    });
    ui.add_space(6.0);
    ui.label("File");
    ui.horizontal(|ui| {
        let room = ui.available_width() - 90.0;
        let edit = TextEdit::singleline(&mut dialog.path).desired_width(room);
        let response = ui.add(edit);
        widgets::name_field(&response, "File of the picture");
        if response.changed() {
            dialog.trouble = None;
        }
        if ui.button("Choose…").clicked() {
            let proposal = path_from_text(&dialog.path).unwrap_or_default();
            commands.push(Command::AskPicturePath(proposal));
        }
    });
}

fn named_number(name: &'static str) -> egui::WidgetInfo {
    egui::WidgetInfo::labeled(egui::Role::SpinButton, true, name)
}

fn trouble(ui: &mut Ui, dialog: &PictureDialog, commands: &mut Commands) {
    match &dialog.trouble {
        None => {}
        Some(Trouble::Failed(why)) => widgets::warning_line(ui, why),
        Some(Trouble::Exists(path)) => {
            let name = numbers::elide(&numbers::file_name(path), 40);
            widgets::warning_line(ui, &format!("There is a file {name} already."));
            if ui.add(Button::new("Replace it")).clicked() {
                commands.push(Command::SavePicture { replace: true });
            }
            ui.add_space(6.0);
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_file_that_is_there_is_replaced_only_when_asked_to() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.png");
        let write =
            |replace, byte: u8| saved(&path, replace, || Ok::<_, std::fmt::Error>(vec![byte; 4]));
        assert!(matches!(write(false, 1), PictureEvent::Saved(_)));
        let again = write(false, 2);
        assert!(matches!(again, PictureEvent::Trouble(Trouble::Exists(_))));
        assert_eq!(std::fs::read(&path).unwrap(), [1; 4]);
        assert!(matches!(write(true, 3), PictureEvent::Saved(_)));
        assert_eq!(std::fs::read(&path).unwrap(), [3; 4]);
        let nowhere = folder.path().join("none/a.png");
        let failed = saved(&nowhere, false, || Ok::<_, std::fmt::Error>(Vec::new()));
        assert!(matches!(failed, PictureEvent::Trouble(Trouble::Failed(_))));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
