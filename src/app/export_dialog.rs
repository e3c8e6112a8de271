//! How shall a dataset be written as SEG-Y? Where to, and in which form.

use std::path::{Path, PathBuf};

use egui::{Id, Modal, TextEdit, Ui};

use super::command::{Command, Commands};
use super::jobs::ExportWish;
use super::open::path_from_text;
use super::workers::{Event, Workers};
use super::{numbers, theme, widgets};

/// What the user asks of the dialog.
#[derive(Clone, Debug)]
pub(crate) enum ExportCommand {
    /// Something was edited.
    Changed,
    AskOutput,
    SetOutput(PathBuf),
    Start,
}

/// What a thread found out for the dialog.
#[derive(Debug)]
pub(crate) enum ExportEvent {
    Looked { output: PathBuf, place: OutputPlace },
}

/// What lies where the file shall be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OutputPlace {
    Looking,
    Free,
    /// A file of this name is there.
    Taken,
    /// The folder is not there, or it is a folder itself.
    Impossible,
}

/// The dialog.
#[derive(Debug)]
pub(crate) struct ExportDialog {
    pub(crate) dataset: PathBuf,
    output: String,
    place: OutputPlace,
    overwrite: bool,
    /// The desktop has no file dialog.
    pub(crate) no_file_dialog: bool,
}

/// Beside the dataset, under a name that is surely not the original's.
pub(crate) fn proposal(dataset: &Path) -> PathBuf {
    let stem = dataset.file_stem().map_or_else(
        || "dataset".to_owned(),
        |s| s.to_string_lossy().into_owned(),
    );
    dataset.with_file_name(format!("{stem}_exported.sgy"))
}

impl ExportDialog {
    pub(crate) fn open(dataset: PathBuf, workers: &Workers) -> Self {
        let mut dialog = Self {
            output: proposal(&dataset).display().to_string(),
            dataset,
            place: OutputPlace::Looking,
            overwrite: false,
            no_file_dialog: false,
        };
        dialog.look(workers);
        dialog
    }

    /// Asks a thread what lies at the output.
    pub(crate) fn look(&mut self, workers: &Workers) {
        self.place = OutputPlace::Looking;
        let Some(output) = path_from_text(&self.output) else {
            self.place = OutputPlace::Impossible;
            return;
        };
        workers.start("export place", move |_| {
            let folder = output.parent().filter(|p| !p.as_os_str().is_empty());
            let place = if output.is_dir() || folder.is_some_and(|folder| !folder.is_dir()) {
                OutputPlace::Impossible
            } else if output.symlink_metadata().is_ok() {
                OutputPlace::Taken
            } else {
                OutputPlace::Free
            };
            Event::Export(ExportEvent::Looked { output, place })
        });
    }

    pub(crate) fn set_output(&mut self, path: PathBuf, workers: &Workers) {
        self.output = path.display().to_string();
        // A file dialog has asked already.
        self.overwrite = true;
        self.look(workers);
    }

    pub(crate) fn take(&mut self, event: ExportEvent) {
        match event {
            ExportEvent::Looked { output, place } => {
                if path_from_text(&self.output).as_deref() == Some(output.as_path()) {
                    self.place = place;
                }
            }
        }
    }

    /// What is asked for.
    pub(crate) fn wish(&self) -> ExportWish {
        ExportWish {
            dataset: self.dataset.clone(),
            output: path_from_text(&self.output).unwrap_or_default(),
            overwrite: self.overwrite,
        }
    }

    /// Why it cannot begin.
    fn blocked(&self) -> Option<&'static str> {
        match self.place {
            OutputPlace::Looking => Some("Looking whether there is such a file…"),
            OutputPlace::Impossible => Some("There is no such folder, or it is a folder itself"),
            OutputPlace::Taken if !self.overwrite => Some("There is a file of this name already"),
            OutputPlace::Taken | OutputPlace::Free => None,
        }
    }
}

/// Draws the dialog.
pub(crate) fn show(ctx: &egui::Context, dialog: &mut ExportDialog, commands: &mut Commands) {
    let modal = Modal::new(Id::unique("export dialog"))
        .frame(egui::Frame::window(&ctx.global_style()).inner_margin(18.0))
        .show(ctx, |ui| {
            ui.set_width(620.0_f32.min(ctx.content_rect().width() - 80.0));
            ui.heading(format!(
                "Export {}",
                numbers::elide(&numbers::file_name(&dialog.dataset), 46)
            ));
            ui.add_space(8.0);
            output(ui, dialog, commands);
            ui.add_space(8.0);
            ui.label("An exact copy: the original file again, byte for byte.");
            ui.add_space(12.0);
            buttons(ui, dialog, commands);
        });
    if modal.should_close() {
        commands.push(Command::StayOpen);
    }
}

fn output(ui: &mut Ui, dialog: &mut ExportDialog, commands: &mut Commands) {
    ui.horizontal(|ui| {
        ui.label("File");
        let edit =
            TextEdit::singleline(&mut dialog.output).desired_width(ui.available_width() - 96.0);
        let response = ui.add(edit);
        widgets::name_field(&response, "File to write");
        if response.changed() {
            dialog.overwrite = false;
            commands.push(Command::Export(ExportCommand::Changed));
        }
        if ui.button("Browse…").clicked() {
            commands.push(Command::Export(ExportCommand::AskOutput));
        }
    });
    if dialog.no_file_dialog {
        widgets::hint(ui, "This desktop offers no file dialog: type the path");
    }
    if dialog.place == OutputPlace::Taken {
        ui.checkbox(
            &mut dialog.overwrite,
            "Replace the file of this name that is there",
        );
    }
}

fn buttons(ui: &mut Ui, dialog: &ExportDialog, commands: &mut Commands) {
    let blocked = dialog.blocked();
    ui.horizontal(|ui| {
        if widgets::primary(ui, blocked.is_none(), "Export").clicked() {
            commands.push(Command::Export(ExportCommand::Start));
        }
        if ui.button("Cancel").clicked() {
            commands.push(Command::StayOpen);
        }
        if let Some(why) = blocked.filter(|_| dialog.place != OutputPlace::Looking) {
            let ink = theme::palette(ui).warning;
            ui.label(egui::RichText::new(why).small().color(ink));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_proposal_is_not_the_originals_name() {
        assert_eq!(
            proposal(Path::new("/data/line12.shotpoint")),
            Path::new("/data/line12_exported.sgy")
        );
    }
}
