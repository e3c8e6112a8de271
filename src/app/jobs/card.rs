//! One job as a card: what, how far, how long, and what can be done.

use std::time::{Duration, Instant};

use egui::{Align, Layout, RichText, Ui};

use super::running::{percent, rates, time_left};
use super::{JobEntry, JobState, JobsCommand, Running, What, Wish, Work, card_done, share_words};
use crate::app::command::{Command, Commands};
use crate::app::widgets::{self, Glyph};
use crate::app::{numbers, theme};
use crate::job::Kept;

/// Without any progress for so long, the card says so.
const STALL: Duration = Duration::from_secs(5);

/// Draws the card, on the jobs page and on the import page alike.
pub(crate) fn show(ui: &mut Ui, job: &JobEntry, commands: &mut Commands) {
    widgets::card(ui, |ui| {
        ui.set_width(ui.available_width());
        match &job.state {
            JobState::Queued(work) => queued(ui, job, work, commands),
            JobState::Running(running) => in_progress(ui, job, running, commands),
            JobState::Imported { report, proof } => {
                card_done::imported(ui, job, report, proof, commands);
            }
            JobState::Exported(report) => card_done::exported(ui, job, report, commands),
            JobState::Cancelled(kept) => cancelled(ui, job, kept.as_ref(), commands),
            JobState::Failed { message, kept } => {
                title(ui, job, Glyph::Cross, theme::palette(ui).error, |ui| {
                    dismiss_button(ui, job, commands);
                });
                if widgets::message_body(ui, message) {
                    commands.push(Command::Copy(message.as_text()));
                }
                if let Some(kept) = kept {
                    left_behind(ui, job, kept, commands);
                }
            }
        }
    });
}

pub(super) fn title(
    ui: &mut Ui,
    job: &JobEntry,
    glyph: Glyph,
    colour: egui::Color32,
    buttons: impl FnOnce(&mut Ui),
) {
    ui.horizontal(|ui| {
        widgets::glyph(ui, glyph, colour);
        ui.label(RichText::new(numbers::elide(&numbers::file_name(&job.source), 44)).strong())
            .on_hover_text(job.source.display().to_string());
        widgets::weak(ui, "→");
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            buttons(ui);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                widgets::path_label(ui, &job.output, 52);
            });
        });
    });
}

fn queued(ui: &mut Ui, job: &JobEntry, work: &Work, commands: &mut Commands) {
    let accent = theme::palette(ui).weak;
    title(ui, job, Glyph::Segy, accent, |ui| {
        if ui.button("Remove").clicked() {
            commands.push(Command::Jobs(JobsCommand::Remove(job.id)));
        }
    });
    let size = work
        .source_bytes()
        .map_or_else(String::new, |size| format!(" · {}", numbers::bytes(size)));
    widgets::weak(
        ui,
        format!("Queued{size} · starts when the job before it is done"),
    );
}

fn in_progress(ui: &mut Ui, job: &JobEntry, running: &Running, commands: &mut Commands) {
    let snapshot = running.snapshot();
    let accent = theme::palette(ui).accent;
    title(ui, job, Glyph::Segy, accent, |ui| {
        let cancel = egui::Button::new("Cancel");
        if ui.add_enabled(running.wish == Wish::Run, cancel).clicked() {
            commands.push(Command::Jobs(JobsCommand::Cancel(job.id)));
        }
        if job.what == What::Import
            && ui
                .button("Browse the file")
                .on_hover_text("Look at the traces while they are imported")
                .clicked()
        {
            commands.push(Command::Jobs(JobsCommand::ViewSource(job.id)));
        }
    });
    let verb = match job.what {
        What::Import => "Import",
        What::Export => "Export",
    };
    widgets::progress(
        ui,
        snapshot.fraction(),
        &format!("{verb} {}", percent(&snapshot)),
    );
    ui.horizontal(|ui| {
        ui.label(RichText::new(percent(&snapshot)).strong());
        ui.label(phase(running, &snapshot));
        if !running.is_stopping() {
            widgets::weak(ui, time_left(running, &snapshot));
        }
    });
    widgets::weak(ui, rates(running, &snapshot));
    let stalled = running.rate.stalled(Instant::now());
    if stalled > STALL && running.wish == Wish::Run {
        let text = format!(
            "No progress for {} (is the disk busy?)",
            numbers::duration(stalled)
        );
        widgets::warning_line(ui, &text);
    }
    if running.wish == Wish::Asking {
        confirm(ui, job, verb, &percent(&snapshot), commands);
    }
}

fn phase(running: &Running, snapshot: &crate::job::ProgressSnapshot) -> String {
    match running.wish {
        Wish::Stop => "Cancelling… what was written is being removed".to_owned(),
        Wish::StopAndKeep => "Stopping… what is done is kept".to_owned(),
        Wish::Run | Wish::Asking => snapshot.phase.label().to_owned(),
    }
}

/// Asks what shall become of what is written; the job goes on meanwhile.
fn confirm(ui: &mut Ui, job: &JobEntry, verb: &str, percent: &str, commands: &mut Commands) {
    ui.separator();
    ui.horizontal_wrapped(|ui| {
        let verb = verb.to_lowercase();
        ui.label(format!("Stop this {verb}? {percent} is done."));
        if widgets::primary(ui, true, &format!("Go on {verb}ing")).clicked() {
            commands.push(Command::Jobs(JobsCommand::KeepRunning(job.id)));
        }
        if job.what == What::Import
            && ui
                .button("Keep, to resume later")
                .on_hover_text(
                    "What is done stays beside the dataset's place; nothing of it is done again",
                )
                .clicked()
        {
            commands.push(Command::Jobs(JobsCommand::CancelAndKeep(job.id)));
        }
        if ui
            .button("Stop and remove")
            .on_hover_text("Nothing stays on disk")
            .clicked()
        {
            commands.push(Command::Jobs(JobsCommand::CancelAnyway(job.id)));
        }
    });
}

fn cancelled(ui: &mut Ui, job: &JobEntry, kept: Option<&Kept>, commands: &mut Commands) {
    let weak = theme::palette(ui).weak;
    title(ui, job, Glyph::Info, weak, |ui| {
        dismiss_button(ui, job, commands);
    });
    match kept {
        Some(kept) => left_behind(ui, job, kept, commands),
        None => {
            widgets::weak(ui, "Cancelled. Nothing was left on disk.");
        }
    }
}

/// What was kept, and what can be done with it.
fn left_behind(ui: &mut Ui, job: &JobEntry, kept: &Kept, commands: &mut Commands) {
    ui.label(format!(
        "{} is done and kept; it can go on from there.",
        share_words(kept)
    ));
    ui.horizontal(|ui| {
        if widgets::primary(ui, true, "Resume").clicked() {
            commands.push(Command::Jobs(JobsCommand::Resume(job.id)));
        }
        if ui
            .button("Show folder")
            .on_hover_text(kept.path.display().to_string())
            .clicked()
        {
            commands.push(Command::ShowInFiles(kept.path.clone()));
        }
        if ui
            .button("Remove what is kept")
            .on_hover_text("The source file stays as it is")
            .clicked()
        {
            commands.push(Command::Jobs(JobsCommand::RemoveKept(job.id)));
        }
    });
}

pub(super) fn dismiss_button(ui: &mut Ui, job: &JobEntry, commands: &mut Commands) {
    if ui
        .button("Dismiss")
        .on_hover_text("Take it off this list; files stay")
        .clicked()
    {
        commands.push(Command::Jobs(JobsCommand::Remove(job.id)));
    }
}
