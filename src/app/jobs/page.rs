//! The page that lists all jobs.

use egui::{Align, Layout, Ui};

use super::{JobEntry, JobState, Jobs, JobsCommand, card};
use crate::app::command::{Command, Commands};
use crate::app::widgets;

/// Draws the page.
pub(crate) fn show(ui: &mut Ui, jobs: &Jobs, commands: &mut Commands) {
    egui::ScrollArea::vertical()
        .auto_shrink(false)
        .show(ui, |ui| {
            let width = (ui.available_width() - 64.0).clamp(560.0, 1000.0);
            let side = ((ui.available_width() - width) / 2.0).max(0.0);
            ui.add_space(18.0);
            ui.horizontal_top(|ui| {
                ui.add_space(side);
                ui.vertical(|ui| {
                    ui.set_width(width);
                    heading(ui, jobs, commands);
                    ui.add_space(8.0);
                    for job in in_order(jobs) {
                        card::show(ui, job, commands);
                        ui.add_space(4.0);
                    }
                    if jobs.is_empty() {
                        widgets::weak(
                            ui,
                            "No jobs yet. Open a SEG-Y file and press Import, or export a dataset.",
                        );
                    }
                });
            });
        });
}

/// What runs, then what waits in its order, then what has ended, the newest first.
fn in_order(jobs: &Jobs) -> Vec<&JobEntry> {
    let (waiting, mut ordered): (Vec<_>, Vec<_>) = jobs
        .list()
        .iter()
        .filter(|job| !job.state.has_ended())
        .partition(|job| matches!(job.state, JobState::Queued(_)));
    ordered.extend(waiting);
    ordered.extend(jobs.list().iter().rev().filter(|job| job.state.has_ended()));
    ordered
}

fn heading(ui: &mut Ui, jobs: &Jobs, commands: &mut Commands) {
    ui.horizontal(|ui| {
        ui.heading("Jobs");
        let queued = jobs
            .unfinished()
            .saturating_sub(usize::from(jobs.running().is_some()));
        let done = jobs.list().len() - jobs.unfinished();
        let running = usize::from(jobs.running().is_some());
        widgets::weak(
            ui,
            format!("{running} running, {queued} queued, {done} ended"),
        );
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if ui
                .add_enabled(done > 0, egui::Button::new("Clear ended"))
                .clicked()
            {
                commands.push(Command::Jobs(JobsCommand::ClearDone));
            }
        });
    });
}
