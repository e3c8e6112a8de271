//! The system's file dialogs, on a thread; a path box where there are none; the question before closing.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use egui::{Id, Modal, TextEdit};

use super::command::{Command, Commands};
use super::export_dialog;
use super::numbers;
use super::open::path_from_text;
use super::settings::Kind;
use super::widgets;
use super::workers::{Event, Purpose, Workers};

/// Nobody closes a dialog so fast: an answer without a path that comes sooner means that there is
/// neither a portal nor zenity (rfd says both in the same way).
const SOONER_THAN_A_HAND: Duration = Duration::from_millis(250);

/// The box in which a path is typed where the desktop has no file dialog.
#[derive(Debug)]
pub(crate) struct PathBox {
    purpose: Purpose,
    text: String,
    /// A file that lies there already, which would be replaced.
    replaces: Option<PathBuf>,
    is_new: bool,
}

impl PathBox {
    /// An empty box, beginning in `start`.
    pub(crate) fn new(purpose: Purpose, start: Option<PathBuf>) -> Self {
        let text = start.map_or_else(String::new, |path| {
            let name = match &purpose {
                Purpose::SaveMapping(_) => "mapping.json".to_owned(),
                Purpose::ExportTo(dataset) => numbers::file_name(&export_dialog::proposal(dataset)),
                Purpose::OpenFiles
                | Purpose::OpenFolder
                | Purpose::Locate(..)
                | Purpose::OutputFolder(_)
                | Purpose::SavePicture(_)
                | Purpose::LoadMapping(_) => String::new(),
            };
            path.join(name).display().to_string()
        });
        Self {
            purpose,
            text,
            replaces: None,
            is_new: true,
        }
    }

    /// The box once more, because there is already a file at this path.
    pub(crate) fn replacing(purpose: Purpose, path: PathBuf) -> Self {
        Self {
            text: path.display().to_string(),
            replaces: Some(path),
            ..Self::new(purpose, None)
        }
    }

    fn heading(&self) -> (&'static str, &'static str) {
        match self.purpose {
            Purpose::OpenFiles => ("Open a SEG-Y file", "Open"),
            Purpose::OpenFolder => ("Open a dataset folder", "Open"),
            Purpose::Locate(..) => ("Where is it now?", "Open"),
            Purpose::OutputFolder(_) => ("In which folder shall the dataset lie?", "Use"),
            Purpose::SaveMapping(_) => ("Save the mapping", "Save"),
            Purpose::LoadMapping(_) => ("Load a mapping", "Load"),
            Purpose::SavePicture(_) => ("Save the picture", "Use"),
            Purpose::ExportTo(_) => ("Write the SEG-Y file to", "Use"),
        }
    }
}

/// Draws the box in which a path is typed.
pub(crate) fn path_box(ctx: &egui::Context, asked: &mut PathBox, commands: &mut Commands) {
    let (heading, verb) = asked.heading();
    let modal = Modal::new(Id::unique("path dialog"))
        .frame(egui::Frame::window(&ctx.global_style()).inner_margin(18.0))
        .show(ctx, |ui| {
            ui.set_width(560.0);
            ui.heading(heading);
            ui.add_space(6.0);
            if asked.replaces.is_some() {
                ui.label(
                    "A file of this name is there already. Replace it, or choose another name.",
                );
            } else {
                ui.label(
                    "This desktop offers no file dialog. Type or paste the path, or install \
                     xdg-desktop-portal or zenity to choose files with the mouse.",
                );
            }
            ui.add_space(8.0);
            let edit = TextEdit::singleline(&mut asked.text)
                .hint_text("/data/line12.sgy")
                .desired_width(f32::INFINITY);
            let response = ui.add(edit);
            widgets::name_field(&response, "Path");
            if std::mem::take(&mut asked.is_new) {
                response.request_focus();
            }
            let entered = response.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
            ui.add_space(12.0);
            ui.horizontal(|ui| {
                let path = path_from_text(&asked.text);
                let replaces = path.is_some() && path == asked.replaces;
                let verb = if replaces { "Replace" } else { verb };
                let pressed = widgets::primary(ui, path.is_some(), verb).clicked();
                // Enter is pressed out of habit: it replaces nothing.
                if (pressed || entered && !replaces)
                    && let Some(path) = path
                {
                    let purpose = asked.purpose.clone();
                    commands.push(if replaces {
                        Command::PathConfirmed(purpose, path)
                    } else {
                        Command::PathTyped(purpose, path)
                    });
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

/// Opens a dialog on a thread; its answer is an [`Event::Chosen`], or [`Event::NoDialog`].
pub(crate) fn ask(workers: &Workers, purpose: Purpose, start: Option<PathBuf>) {
    workers.start("file dialog", move |_| {
        let asked = Instant::now();
        let mut dialog = rfd::FileDialog::new();
        if let Some(start) = start.clone() {
            dialog = dialog.set_directory(start);
        }
        let one = |path: Option<PathBuf>| path.into_iter().collect();
        let paths = match &purpose {
            Purpose::OpenFiles => dialog
                .set_title("Open SEG-Y files")
                .add_filter("SEG-Y", &["sgy", "segy", "SGY", "SEGY", "seg-y"])
                .add_filter("All files", &["*"])
                .pick_files()
                .unwrap_or_default(),
            Purpose::Locate(_, Kind::Segy) => {
                one(dialog.set_title("Where is the file now?").pick_file())
            }
            Purpose::Locate(_, Kind::Dataset) => {
                one(dialog.set_title("Where is the dataset now?").pick_folder())
            }
            Purpose::OpenFolder => one(dialog.set_title("Open a dataset folder").pick_folder()),
            Purpose::OutputFolder(_) => one(dialog
                .set_title("Where shall the dataset lie?")
                .pick_folder()),
            Purpose::SaveMapping(_) => one(dialog
                .set_title("Save the mapping")
                .add_filter("Mapping", &["json"])
                .set_file_name("mapping.json")
                .save_file()),
            Purpose::ExportTo(dataset) => one(dialog
                .set_title("Write the SEG-Y file to")
                .add_filter("SEG-Y", &["sgy", "segy"])
                .set_file_name(numbers::file_name(&export_dialog::proposal(dataset)))
                .save_file()),
            Purpose::SavePicture(path) => one(dialog
                .set_title("Save the picture")
                .add_filter("PNG", &["png"])
                .set_file_name(numbers::file_name(path))
                .save_file()),
            Purpose::LoadMapping(_) => one(dialog
                .set_title("Load a mapping")
                .add_filter("Mapping", &["json"])
                .pick_file()),
        };
        let may_be_missing = cfg!(target_os = "linux");
        if may_be_missing && paths.is_empty() && asked.elapsed() < SOONER_THAN_A_HAND {
            return Event::NoDialog(purpose, start);
        }
        Event::Chosen(purpose, paths)
    });
}

/// Looks, on a thread, whether a file would be replaced; if not, the path is as good as chosen.
pub(crate) fn ask_before_replacing(workers: &Workers, purpose: Purpose, path: PathBuf) {
    workers.start("look for a file", move |_| {
        if path.symlink_metadata().is_ok() {
            Event::LiesThere(purpose, path)
        } else {
            Event::Chosen(purpose, vec![path])
        }
    });
}

/// Asks whether the window shall close although jobs are running.
pub(crate) fn confirm_quit(ctx: &egui::Context, unfinished: usize, commands: &mut Commands) {
    let modal = Modal::new(Id::unique("confirm quit"))
        .frame(egui::Frame::window(&ctx.global_style()).inner_margin(18.0))
        .show(ctx, |ui| {
        ui.set_width(430.0);
        ui.heading("Close while jobs are running?");
        ui.add_space(6.0);
        let jobs = numbers::plural(unfinished as u64, "job is", "jobs are");
        ui.label(format!(
            "{jobs} not finished. Closing stops that. What imports have done can be kept, to go on when \
             the file is opened again."
        ));
        ui.add_space(12.0);
        ui.horizontal(|ui| {
            if widgets::primary(ui, true, "Keep working").clicked() {
                commands.push(Command::StayOpen);
            }
            if ui.button("Keep, to resume later").clicked() {
                commands.push(Command::QuitAnyway { keep: true });
            }
            if ui.button("Stop and remove").clicked() {
                commands.push(Command::QuitAnyway { keep: false });
            }
        });
    });
    if modal.should_close() {
        commands.push(Command::StayOpen);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::state::DocumentId;

    fn event_of(path: PathBuf) -> Event {
        let workers = Workers::new(egui::Context::default());
        ask_before_replacing(&workers, Purpose::SaveMapping(DocumentId(1)), path);
        loop {
            if let Some(event) = workers.poll().pop() {
                return event;
            }
            std::thread::yield_now();
        }
    }

    #[test]
    fn nothing_is_replaced_unasked() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("mapping.json");
        assert!(
            matches!(event_of(path.clone()), Event::Chosen(_, paths) if paths == [path.clone()])
        );
        std::fs::write(&path, "{}")?;
        assert!(matches!(event_of(path.clone()), Event::LiesThere(_, there) if there == path));
        Ok(())
    }
}
