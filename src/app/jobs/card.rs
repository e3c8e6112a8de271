//! One import as a card: what, how far, how long, and what can be done.

use std::time::{Duration, Instant};

use egui::{Align, Layout, RichText, Ui};

use super::{ImportJob, JobState, JobsCommand, Running, Wish, percent, seconds, time_left};
use crate::app::command::{Command, Commands};
use crate::app::messages::in_the_windows_words;
use crate::app::widgets::{self, Glyph};
use crate::app::{numbers, theme};
use crate::import::{ImportPlan, ImportReport};
use crate::wording;

/// Without any progress for so long, the card says so.
const STALL: Duration = Duration::from_secs(5);

/// Draws the card, on the jobs page and on the import page alike.
pub(crate) fn show(ui: &mut Ui, job: &ImportJob, commands: &mut Commands) {
    widgets::card(ui, |ui| {
        ui.set_width(ui.available_width());
        match &job.state {
            JobState::Queued(plan) => queued(ui, job, plan, commands),
            JobState::Running(running) => in_progress(ui, job, running, commands),
            JobState::Done(report) => done(ui, job, report, commands),
            JobState::Cancelled => cancelled(ui, job, commands),
            JobState::Failed(message) => {
                title(ui, job, Glyph::Cross, theme::palette(ui).error, |ui| {
                    remove_button(ui, job, commands);
                });
                if widgets::message_body(ui, message) {
                    commands.push(Command::Copy(message.as_text()));
                }
            }
        }
    });
}

fn title(
    ui: &mut Ui,
    job: &ImportJob,
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

fn queued(ui: &mut Ui, job: &ImportJob, plan: &ImportPlan, commands: &mut Commands) {
    let accent = theme::palette(ui).weak;
    title(ui, job, Glyph::Segy, accent, |ui| {
        if ui.button("Remove").clicked() {
            commands.push(Command::Jobs(JobsCommand::Remove(job.id)));
        }
    });
    let size = numbers::bytes(plan.scan().layout.file_size_bytes);
    widgets::weak(
        ui,
        format!("Queued · {size} · starts when the import before it is done"),
    );
}

fn in_progress(ui: &mut Ui, job: &ImportJob, running: &Running, commands: &mut Commands) {
    let snapshot = running.snapshot();
    let accent = theme::palette(ui).accent;
    title(ui, job, Glyph::Segy, accent, |ui| {
        let cancel = egui::Button::new("Cancel");
        if ui.add_enabled(running.wish == Wish::Run, cancel).clicked() {
            commands.push(Command::Jobs(JobsCommand::Cancel(job.id)));
        }
        if ui
            .button("Browse the file")
            .on_hover_text("Look at the traces while they are imported")
            .clicked()
        {
            commands.push(Command::Jobs(JobsCommand::ViewSource(job.id)));
        }
    });
    widgets::progress(
        ui,
        snapshot.fraction(),
        &format!("Import {}", percent(&snapshot)),
    );
    ui.horizontal(|ui| {
        ui.label(RichText::new(percent(&snapshot)).strong());
        ui.label(phase(running, &snapshot));
        if running.wish != Wish::Stop {
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
        confirm(ui, job, &percent(&snapshot), commands);
    }
}

fn phase(running: &Running, snapshot: &crate::job::ProgressSnapshot) -> String {
    if running.wish == Wish::Stop {
        "Cancelling… what was written is being removed".to_owned()
    } else {
        snapshot.phase.label().to_owned()
    }
}

fn rates(running: &Running, snapshot: &crate::job::ProgressSnapshot) -> String {
    let mut parts = Vec::new();
    if snapshot.bytes_total > 0 {
        parts.push(format!(
            "{} of {}",
            numbers::bytes(snapshot.bytes_done),
            numbers::bytes(snapshot.bytes_total)
        ));
    }
    let (bytes_rate, traces_rate) = running.speed(snapshot);
    if bytes_rate > 0.0 {
        parts.push(format!("{}/s", numbers::bytes(whole(bytes_rate))));
        parts.push(format!("{} traces/s", numbers::count(whole(traces_rate))));
    }
    if snapshot.traces_total > 0 {
        parts.push(format!(
            "trace {} of {}",
            numbers::count(snapshot.traces_done),
            numbers::count(snapshot.traces_total)
        ));
    }
    parts.push(format!("{} elapsed", numbers::duration(snapshot.elapsed)));
    parts.join(" · ")
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a positive rate"
)]
fn whole(rate: f64) -> u64 {
    rate as u64
}

fn confirm(ui: &mut Ui, job: &ImportJob, percent: &str, commands: &mut Commands) {
    ui.separator();
    ui.horizontal_wrapped(|ui| {
        ui.label(format!(
            "Stop this import? {percent} is done; what was written will be removed."
        ));
        if widgets::primary(ui, true, "Keep importing").clicked() {
            commands.push(Command::Jobs(JobsCommand::KeepRunning(job.id)));
        }
        if ui.button("Stop and remove").clicked() {
            commands.push(Command::Jobs(JobsCommand::CancelAnyway(job.id)));
        }
    });
}

fn done(ui: &mut Ui, job: &ImportJob, report: &ImportReport, commands: &mut Commands) {
    let good = theme::palette(ui).good;
    title(ui, job, Glyph::Check, good, |ui| {
        if widgets::primary(ui, true, "Open")
            .on_hover_text("Browse the dataset")
            .clicked()
        {
            commands.push(Command::Jobs(JobsCommand::Open(job.id)));
        }
        remove_button(ui, job, commands);
    });
    ui.add(egui::Label::new(summary(report)).wrap());
    if !report.warnings.is_empty() {
        let n = numbers::plural(report.warnings.len() as u64, "warning", "warnings");
        // With its own name: several cards may say "1 warning".
        egui::CollapsingHeader::new(n)
            .id_salt(("warnings", &report.dataset))
            .show(ui, |ui| {
                for warning in &report.warnings {
                    widgets::warning_line(ui, &in_the_windows_words(&warning.to_string()));
                }
            });
    }
}

/// "200 000 traces in 4.2 s · 848 MB at 202 MB/s · stored in 694 MB (1.22 : 1) · 2 000 gathers".
pub(crate) fn summary(report: &ImportReport) -> String {
    let mut text = format!(
        "{} in {} · {} at {} · stored in {} ({:.2} : 1)",
        numbers::plural(report.manifest.array.n_traces, "trace", "traces"),
        numbers::duration(seconds(report.seconds)),
        numbers::bytes(report.bytes_in),
        wording::rate(report.bytes_per_second()),
        numbers::bytes(report.bytes_out),
        report.compression_ratio(),
    );
    if report.manifest.ensembles.n_ensembles > 0 {
        let n = numbers::plural(
            report.manifest.ensembles.n_ensembles,
            "ensemble",
            "ensembles",
        );
        text.push_str(" · ");
        text.push_str(&n);
    }
    text
}

fn cancelled(ui: &mut Ui, job: &ImportJob, commands: &mut Commands) {
    let weak = theme::palette(ui).weak;
    title(ui, job, Glyph::Info, weak, |ui| {
        remove_button(ui, job, commands);
    });
    widgets::weak(ui, "Cancelled. Nothing was left on disk.");
}

fn remove_button(ui: &mut Ui, job: &ImportJob, commands: &mut Commands) {
    if ui
        .button("Dismiss")
        .on_hover_text("Take it off this list; files stay")
        .clicked()
    {
        commands.push(Command::Jobs(JobsCommand::Remove(job.id)));
    }
}
