//! How shall a dataset be written as SEG-Y? Where to, and in which form.

mod form;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use egui::{Id, Label, Modal, RichText, ScrollArea, TextEdit, Ui};

use super::command::{Command, Commands};
use super::jobs::ExportWish;
use super::messages::{Message, in_the_windows_words};
use super::open::path_from_text;
use super::workers::{Event, Workers};
use super::{numbers, theme, widgets};
use crate::dataset::Dataset;
use crate::export::{ExportForm, FormPlan};
use crate::segy::{TextEncoding, TextualHeader};

use form::Fields;

/// What the user asks of the dialog.
#[derive(Clone, Debug)]
pub(crate) enum ExportCommand {
    /// Something was edited.
    Changed,
    /// The form was edited.
    FormChanged,
    AskOutput,
    SetOutput(PathBuf),
    Start,
}

/// What a thread found out for the dialog.
pub(crate) enum ExportEvent {
    Looked {
        output: PathBuf,
        place: OutputPlace,
    },
    /// The dataset, and the lines of its textual header.
    Opened(Result<(Arc<Dataset>, Vec<String>), Message>),
    /// What would differ from the imported file, and the most bytes; or what does not fit.
    Planned {
        generation: u64,
        result: Result<(Vec<String>, u64), String>,
    },
}

impl std::fmt::Debug for ExportEvent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ExportEvent")
    }
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
    opened: Option<Arc<Dataset>>,
    error: Option<Message>,
    /// Another form than the exact copy.
    another: bool,
    fields: Fields,
    /// What would differ; `None` while it is found out.
    differences: Option<Result<(Vec<String>, u64), String>>,
    generation: u64,
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
            opened: None,
            error: None,
            another: false,
            fields: Fields::default(),
            differences: None,
            generation: 0,
        };
        dialog.look(workers);
        dialog.open_dataset(workers);
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

    fn open_dataset(&self, workers: &Workers) {
        let path = self.dataset.clone();
        workers.start("export", move |_| {
            let opened = Dataset::open(&path).map_err(|error| {
                Message::from_error("The dataset cannot be exported", &error, Some(&path))
            });
            Event::Export(ExportEvent::Opened(opened.map(|dataset| {
                let lines = text_lines(&dataset);
                (Arc::new(dataset), lines)
            })))
        });
    }

    /// Asks a thread what would differ from the imported file.
    pub(crate) fn plan(&mut self, workers: &Workers) {
        self.generation += 1;
        self.differences = None;
        let generation = self.generation;
        let Some(dataset) = self.opened.clone().filter(|_| self.another) else {
            return;
        };
        let form = match self.fields.form() {
            Ok(form) => form,
            Err(why) => {
                self.differences = Some(Err(why));
                return;
            }
        };
        workers.start("export plan", move |_| {
            let result = FormPlan::new(&dataset, &form)
                .map(|plan| {
                    let changes = plan.changes().iter().map(ToString::to_string).collect();
                    (changes, plan.most_bytes())
                })
                .map_err(|error| error.to_string());
            Event::Export(ExportEvent::Planned { generation, result })
        });
    }

    pub(crate) fn set_output(&mut self, path: &Path, workers: &Workers) {
        self.output = path.display().to_string();
        // A file dialog has asked already.
        self.overwrite = true;
        self.look(workers);
    }

    pub(crate) fn take(&mut self, event: ExportEvent, workers: &Workers) {
        match event {
            ExportEvent::Looked { output, place } => {
                if path_from_text(&self.output).as_deref() == Some(output.as_path()) {
                    self.place = place;
                }
            }
            ExportEvent::Opened(Ok((dataset, lines))) => {
                self.opened = Some(dataset);
                self.fields.set_imported_text(&lines);
                // Another form may have been asked for while the dataset was opened.
                self.plan(workers);
            }
            ExportEvent::Opened(Err(message)) => self.error = Some(message),
            ExportEvent::Planned { generation, result } => {
                if generation == self.generation {
                    self.differences = Some(result);
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
            form: self.form().filter(|form| !form.is_exact()),
        }
    }

    fn form(&self) -> Option<ExportForm> {
        self.another.then(|| self.fields.form().ok()).flatten()
    }

    /// Why it cannot begin.
    fn blocked(&self) -> Option<&'static str> {
        if self.another {
            match &self.differences {
                None => return Some("Looking what would differ…"),
                Some(Err(_)) => return Some("The form does not fit"),
                Some(Ok(_)) => {}
            }
        }
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
            let height = (ctx.content_rect().height() - 230.0).max(160.0);
            ScrollArea::vertical()
                .id_salt("export form")
                .max_height(height)
                .min_scrolled_height(height)
                .show(ui, |ui| {
                    ui.set_width(ui.available_width());
                    which_form(ui, dialog, commands);
                });
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

/// The exact copy, or another form with all that it differs in.
fn which_form(ui: &mut Ui, dialog: &mut ExportDialog, commands: &mut Commands) {
    if let Some(error) = &dialog.error {
        if widgets::message_body(ui, error) {
            commands.push(Command::Copy(error.as_text()));
        }
        return;
    }
    let before = dialog.another;
    ui.radio_value(
        &mut dialog.another,
        false,
        "Exact copy: the original file again, byte for byte",
    );
    ui.radio_value(
        &mut dialog.another,
        true,
        "Another form: some traces, another format, another text",
    );
    let mut changed = before != dialog.another;
    if dialog.another {
        ui.add_space(6.0);
        ui.indent("form", |ui| {
            changed |= form::show(ui, &mut dialog.fields);
            differences(ui, dialog);
        });
    }
    if changed {
        commands.push(Command::Export(ExportCommand::FormChanged));
    }
}

fn differences(ui: &mut Ui, dialog: &ExportDialog) {
    ui.add_space(6.0);
    let p = theme::palette(ui);
    match &dialog.differences {
        None => {
            widgets::hint(ui, "Looking what would differ…");
        }
        Some(Err(why)) => {
            let text = RichText::new(in_the_windows_words(why)).color(p.error);
            ui.add(Label::new(text).wrap());
        }
        Some(Ok((changes, _))) if changes.is_empty() => {
            widgets::hint(ui, "Nothing would differ: this is the exact copy");
        }
        Some(Ok((changes, most_bytes))) => {
            widgets::caption(ui, "What will not be as in the imported file");
            for change in changes {
                let text = format!("· {}", in_the_windows_words(change));
                ui.add(Label::new(RichText::new(text).small()).wrap());
            }
            let most = numbers::bytes(*most_bytes);
            widgets::hint(ui, format!("At most {most} are written"));
        }
    }
}

/// Of the textual header as it was imported.
fn text_lines(dataset: &Dataset) -> Vec<String> {
    let encoding = match dataset.manifest().segy.text_encoding.as_str() {
        "ascii" => TextEncoding::Ascii,
        _ => TextEncoding::Ebcdic,
    };
    let raw = dataset.segy_part("textual_header.bin").unwrap_or_default();
    TextualHeader { raw, encoding }.lines()
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
