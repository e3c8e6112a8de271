//! The system's file dialogs, on a thread, and the question before closing.

use std::path::PathBuf;

use egui::{Id, Modal};

use super::command::{Command, Commands};
use super::numbers;
use super::widgets;
use super::workers::{Event, Purpose, Workers};

/// Opens a dialog on a thread; its answer is an [`Event::Chosen`].
pub(crate) fn ask(workers: &Workers, purpose: Purpose, start: Option<PathBuf>) {
    workers.start("file dialog", move |_| {
        let mut dialog = rfd::FileDialog::new();
        if let Some(start) = start {
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
            Purpose::OpenFolder => one(dialog.set_title("Open a dataset folder").pick_folder()),
            Purpose::OutputFolder(_) => one(dialog
                .set_title("Where shall the dataset lie?")
                .pick_folder()),
            Purpose::SaveMapping(_) => one(dialog
                .set_title("Save the mapping")
                .add_filter("Mapping", &["json"])
                .set_file_name("mapping.json")
                .save_file()),
            Purpose::LoadMapping(_) => one(dialog
                .set_title("Load a mapping")
                .add_filter("Mapping", &["json"])
                .pick_file()),
        };
        Event::Chosen(purpose, paths)
    });
}

/// Asks whether the window shall close although jobs are running.
pub(crate) fn confirm_quit(ctx: &egui::Context, unfinished: usize, commands: &mut Commands) {
    let modal = Modal::new(Id::unique("confirm quit")).show(ctx, |ui| {
        ui.set_width(430.0);
        ui.heading("Close while importing?");
        ui.add_space(6.0);
        let jobs = numbers::plural(unfinished as u64, "import is", "imports are");
        ui.label(format!(
            "{jobs} not finished. Closing stops them; what they have written so far is removed, and the files \
             can be imported again later."
        ));
        ui.add_space(12.0);
        ui.horizontal(|ui| {
            if widgets::primary(ui, true, "Keep importing").clicked() {
                commands.push(Command::StayOpen);
            }
            if ui.button("Stop and close").clicked() {
                commands.push(Command::QuitAnyway);
            }
        });
    });
    if modal.should_close() {
        commands.push(Command::StayOpen);
    }
}
