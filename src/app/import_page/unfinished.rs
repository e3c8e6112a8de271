//! An import of this file was interrupted before: go on with it, or start over?

use egui::Ui;

use super::{Editing, ImportCommand};
use crate::app::messages::Severity;
use crate::app::{numbers, widgets};
use crate::dataset::{Partial, PartialState};

/// Draws the question, where there is one.
pub(super) fn show(ui: &mut Ui, editing: &Editing, queue: &mut Vec<ImportCommand>) {
    let Some(partial) = &editing.partial else {
        return;
    };
    let can_resume = partial.state == PartialState::Resumable;
    ui.add_space(4.0);
    widgets::card(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal_wrapped(|ui| {
            let severity = if can_resume {
                Severity::Info
            } else {
                Severity::Warning
            };
            let (sign, colour) = widgets::severity_sign(ui, severity);
            widgets::glyph(ui, sign, colour);
            ui.label(words(partial));
            if can_resume && ui.button("Resume").clicked() {
                queue.push(ImportCommand::Resume);
            }
            let over = ui.button("Start over");
            if over
                .on_hover_text(
                    "With the settings below; what was done before is removed when you import",
                )
                .clicked()
            {
                queue.push(ImportCommand::StartOver);
            }
            let folder = ui.button("Show folder");
            if folder
                .on_hover_text(partial.path.display().to_string())
                .clicked()
            {
                queue.push(ImportCommand::ShowFolder(partial.path.clone()));
            }
        });
    });
}

/// "An import of this file was interrupted at 62 % (3 726 001 of 6 012 345 traces)".
fn words(partial: &Partial) -> String {
    match (&partial.state, &partial.notes) {
        (PartialState::Resumable, Some(notes)) => format!(
            "An import of this file was interrupted at {:.0} % ({} of {}). It can go on from there.",
            (partial.share_done() * 100.0).floor(),
            numbers::count(partial.n_traces_done),
            numbers::plural(notes.n_traces, "trace", "traces"),
        ),
        (
            PartialState::Resumable
            | PartialState::InUse
            | PartialState::OtherVersion
            | PartialState::Damaged,
            _,
        ) => format!("{}.", partial.sentence()),
    }
}
