//! What a job has made: the report of an import with its proof, the report of an export.

use egui::{Label, RichText, Ui};

use super::card::{dismiss_button, title};
use super::running::{percent, rates};
use super::work::Exported;
use super::{JobEntry, JobsCommand, Proof, Running, Wish, seconds};
use crate::app::command::{Command, Commands};
use crate::app::messages::{Message, Severity, in_the_windows_words};
use crate::app::widgets::{self, Glyph};
use crate::app::{numbers, theme};
use crate::export::VerifyReport;
use crate::import::ImportReport;
use crate::wording;

/// Faults of a dataset that are listed; the rest is counted.
const LISTED_FAULTS: usize = 6;

/// Draws a finished import.
pub(super) fn imported(
    ui: &mut Ui,
    job: &JobEntry,
    report: &ImportReport,
    proof: &Proof,
    commands: &mut Commands,
) {
    let good = theme::palette(ui).good;
    title(ui, job, Glyph::Check, good, |ui| {
        if widgets::primary(ui, true, "Open")
            .on_hover_text("Browse the dataset")
            .clicked()
        {
            commands.push(Command::Jobs(JobsCommand::Open(job.id)));
        }
        if ui
            .button("Export…")
            .on_hover_text("Write the SEG-Y file again from the dataset")
            .clicked()
        {
            commands.push(Command::AskExport(job.output.clone()));
        }
        let can_verify = matches!(proof, Proof::NotAsked | Proof::Failed(_));
        // Always there: nothing else shall slide under a second click.
        let verify = ui.add_enabled(can_verify, egui::Button::new("Verify"));
        let verify = verify
            .on_hover_text(
                "Read everything back, and prove that the original file can be written again, byte for byte",
            )
            .on_disabled_hover_text("It is verified, or being verified");
        if verify.clicked() {
            commands.push(Command::Jobs(JobsCommand::Verify(job.id)));
        }
        dismiss_button(ui, job, commands);
    });
    ui.add(Label::new(summary(report)).wrap());
    show_proof(ui, job, proof, commands);
    if !report.warnings.is_empty() {
        let n = numbers::plural(report.warnings.len() as u64, "warning", "warnings");
        // With its own name: several cards may say "1 warning".
        egui::CollapsingHeader::new(n)
            .id_salt(("warnings", &report.dataset))
            .show(ui, |ui| {
                egui::ScrollArea::vertical()
                    .id_salt(("warning list", &report.dataset))
                    .max_height(160.0)
                    .show(ui, |ui| {
                        for warning in &report.warnings {
                            let text = in_the_windows_words(&warning.to_string());
                            widgets::warning_line(ui, &text);
                        }
                    });
            });
    }
}

/// "200 000 traces in 4.2 s · 848 MB at 202 MB/s · stored in 694 MB (82 % of the file) · 2 000 ensembles".
pub(super) fn summary(report: &ImportReport) -> String {
    let went_on = report.before.bytes > 0;
    let mut text = format!(
        "{} in {} · {}{} at {} · stored in {} ({})",
        numbers::plural(report.manifest.array.n_traces, "trace", "traces"),
        numbers::duration(seconds(report.seconds)),
        if went_on { "the last " } else { "" },
        numbers::bytes(report.bytes_in.saturating_sub(report.before.bytes)),
        wording::rate(report.bytes_per_second()),
        numbers::bytes(report.bytes_out),
        share(report.bytes_out, report.bytes_in),
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

/// "82 % of the file"; honest where nothing was saved: "104 % of the file".
pub(crate) fn share(stored: u64, source: u64) -> String {
    let percent = stored as f64 * 100.0 / (source.max(1) as f64);
    if percent >= 1000.0 {
        format!("{:.0} times the file", percent / 100.0)
    } else {
        format!("{percent:.0} % of the file")
    }
}

fn show_proof(ui: &mut Ui, job: &JobEntry, proof: &Proof, commands: &mut Commands) {
    match proof {
        Proof::NotAsked => {}
        Proof::Running(running) => verifying(ui, job, running, commands),
        Proof::Found(report) if report.is_sound() => {
            ui.horizontal(|ui| {
                let good = theme::palette(ui).good;
                widgets::glyph(ui, Glyph::Check, good);
                ui.label("Verified: an export would be identical to the original file");
                let digest = numbers::elide(&report.source_sha256, 24);
                widgets::weak(ui, format!("SHA-256 {digest}")).on_hover_text(&report.source_sha256);
            });
        }
        Proof::Found(_) | Proof::Failed(_) => {
            let message = verdict(proof, &numbers::file_name(&job.source));
            if widgets::message_body(ui, &message) {
                commands.push(Command::Copy(message.as_text()));
            }
        }
    }
}

fn verifying(ui: &mut Ui, job: &JobEntry, running: &Running, commands: &mut Commands) {
    let snapshot = running.snapshot();
    ui.horizontal(|ui| {
        ui.label(RichText::new(percent(&snapshot)).strong());
        ui.label(if running.wish == Wish::Stop {
            "Cancelling…"
        } else {
            "Verifying: reading everything back"
        });
        widgets::weak(ui, rates(running, &snapshot));
        let cancel = egui::Button::new("Cancel");
        if ui.add_enabled(running.wish == Wish::Run, cancel).clicked() {
            commands.push(Command::Jobs(JobsCommand::CancelVerify(job.id)));
        }
    });
    widgets::progress(
        ui,
        snapshot.fraction(),
        &format!("Verify {}", percent(&snapshot)),
    );
}

/// What a verification found, as a message.
pub(super) fn verdict(proof: &Proof, name: &str) -> Message {
    match proof {
        Proof::Found(report) if report.is_sound() => Message::new(
            Severity::Success,
            &format!("{name} is verified"),
            "An export would be identical to the original file.",
        ),
        Proof::Found(report) => unsound(report),
        Proof::Failed(message) => message.clone(),
        Proof::NotAsked | Proof::Running(_) => {
            Message::new(Severity::Info, "Not verified", String::new())
        }
    }
}

fn unsound(report: &VerifyReport) -> Message {
    let mut words: Vec<String> = report.faults.iter().take(LISTED_FAULTS).cloned().collect();
    if report.faults.len() > LISTED_FAULTS {
        words.push(format!(
            "… and {} more",
            report.faults.len() - LISTED_FAULTS
        ));
    }
    if words.is_empty() {
        words.push(
            "the dataset is readable, but an export would not be identical to the original file"
                .to_owned(),
        );
    }
    Message::from_words("The dataset is not sound", &words.join("\n"), None)
        .remedy("Import the file again. If that does not help, look at the disk and the memory.")
}

/// Draws a finished export.
pub(super) fn exported(ui: &mut Ui, job: &JobEntry, report: &Exported, commands: &mut Commands) {
    let good = theme::palette(ui).good;
    title(ui, job, Glyph::Check, good, |ui| {
        if ui
            .button("Open the file")
            .on_hover_text("Scan and look at what was written")
            .clicked()
        {
            commands.push(Command::Jobs(JobsCommand::Open(job.id)));
        }
        dismiss_button(ui, job, commands);
    });
    let what = if report.same_as_source {
        "identical to the original file, by its SHA-256"
    } else {
        "in another form than the original file"
    };
    ui.add(Label::new(format!("{} written · {what}", numbers::bytes(report.bytes))).wrap());
    for difference in &report.differences {
        let text = format!("· {}", in_the_windows_words(difference));
        ui.add(Label::new(RichText::new(text).small()).wrap());
    }
    widgets::hint(ui, format!("SHA-256 {}", report.sha256));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_of_the_file_is_honest_where_nothing_was_saved() {
        assert_eq!(share(694, 848), "82 % of the file");
        assert_eq!(share(1040, 1000), "104 % of the file");
        assert_eq!(share(30_000, 1000), "30 times the file");
    }
}
