//! The viewer's page: toolbar on top, navigator at the left, headers at the right, the section between.

use std::time::Duration;

use egui::{CentralPanel, Frame, Margin, Panel, ProgressBar, Ui};

use super::{
    Compare, OpenView, Stage, Viewer, ViewerCommand, compare_pane, histogram, inspector, navigator,
    reading, toolbar,
};
use crate::app::command::{Command, Commands};
use crate::app::numbers;
use crate::app::section::Setting;
use crate::app::settings::Settings;
use crate::app::state::DocumentId;
use crate::app::widgets;

/// Between two looks at how far opening is.
const STEP: Duration = Duration::from_millis(100);

/// Draws the page.
pub(crate) fn show(
    ui: &mut Ui,
    viewer: &mut Viewer,
    settings: &Settings,
    others: &[(DocumentId, String)],
    commands: &mut Commands,
) {
    let id = viewer.id;
    let name = numbers::file_name(&viewer.path);
    let share_opened = viewer.share_opened();
    match &mut viewer.stage {
        Stage::Opening => {
            if opening(ui, &name, share_opened) {
                commands.push(Command::Viewer(id, ViewerCommand::CancelOpening));
            }
        }
        Stage::Failed(message) => {
            ui.add_space(40.0);
            ui.vertical_centered(|ui| {
                ui.set_max_width(620.0);
                widgets::card(ui, |ui| {
                    if widgets::message_body(ui, message) {
                        commands.push(Command::Copy(message.as_text()));
                    }
                    if ui.button("Try again").clicked() {
                        commands.push(Command::Viewer(id, ViewerCommand::Retry));
                    }
                });
            });
        }
        Stage::Open(view) => {
            let mut queue = Vec::new();
            let mut beside = Beside {
                name: &name,
                compare: viewer.compare.as_deref_mut(),
                others,
            };
            open(ui, view, &mut beside, settings, &mut queue);
            for command in queue {
                commands.push(Command::Viewer(id, command));
            }
        }
    }
}

/// What is shown until there is something to show; whether it shall be given up. `share` is known
/// where all headers of the file must be walked over first.
fn opening(ui: &mut Ui, name: &str, share: Option<f64>) -> bool {
    let Some(share) = share else {
        ui.centered_and_justified(|ui| {
            ui.horizontal(|ui| {
                ui.spinner();
                ui.label(format!("Opening {name}…"));
            });
        });
        return false;
    };
    ui.add_space(ui.available_height() / 3.0);
    let opening = ui.vertical_centered(|ui| {
        ui.label(format!(
            "Reading the trace headers of {name}, whose traces differ in size…"
        ));
        ui.add_space(6.0);
        #[expect(clippy::cast_possible_truncation, reason = "between 0 and 1")]
        let bar = ProgressBar::new(share as f32).show_percentage();
        ui.add(bar.desired_width(320.0));
        ui.add_space(6.0);
        ui.ctx().request_repaint_after(STEP);
        ui.button("Cancel").clicked()
    });
    opening.inner
}

/// What may stand beside the view.
struct Beside<'a> {
    /// Of the view itself.
    name: &'a str,
    compare: Option<&'a mut Compare>,
    others: &'a [(DocumentId, String)],
}

fn open(
    ui: &mut Ui,
    view: &mut OpenView,
    beside: &mut Beside<'_>,
    settings: &Settings,
    queue: &mut Vec<ViewerCommand>,
) {
    let bar = Frame::new()
        .fill(ui.visuals().panel_fill)
        .inner_margin(Margin::symmetric(10, 6));
    Panel::top("viewer toolbar")
        .frame(bar)
        .resizable(false)
        .show(ui, |ui| {
            toolbar::show(ui, view, beside.others, queue);
        });
    let side = Frame::new()
        .fill(ui.visuals().panel_fill)
        .inner_margin(Margin::same(10));
    if settings.navigator_open {
        Panel::left("navigator")
            .frame(side)
            .default_size(230.0)
            .size_range(190.0..=420.0)
            .show(ui, |ui| navigator::show(ui, view, queue));
    }
    if settings.inspector_open {
        Panel::right("inspector")
            .frame(side)
            .default_size(270.0)
            .size_range(200.0..=460.0)
            .show(ui, |ui| {
                if view.section.pins.is_empty() {
                    inspector::show(ui, view);
                } else {
                    reading::show_pins(ui, view, &settings.reading, queue);
                }
            });
    }
    reading::show_dock(ui, view, &settings.reading, queue);
    let middle = Frame::new()
        .fill(ui.visuals().panel_fill)
        .inner_margin(Margin {
            left: 4,
            right: 4,
            top: 2,
            bottom: 2,
        });
    CentralPanel::default().frame(middle).show(ui, |ui| {
        if let Some(message) = view.load_error.clone() {
            ui.add_space(6.0);
            widgets::card(ui, |ui| {
                ui.set_width(ui.available_width());
                if widgets::message_body(ui, &message) {
                    ui.ctx().copy_text(message.as_text());
                }
            });
        }
        match &mut beside.compare {
            Some(compare) => {
                view.section.wheel_scrolls = settings.wheel_scrolls;
                compare.other.section.wheel_scrolls = settings.wheel_scrolls;
                compare.link(view);
                compare_pane::show(ui, view, beside.name, compare, queue);
                histogram::show(ui, view, queue);
            }
            None => section_with_strips(ui, view, settings, queue),
        }
    });
    reading::show_file_headers(ui.ctx(), &mut view.reading);
}

/// The section, and below it the header values along its traces, where they are asked for.
fn section_with_strips(
    ui: &mut Ui,
    view: &mut OpenView,
    settings: &Settings,
    queue: &mut Vec<ViewerCommand>,
) {
    let strips = reading::strips_height(view, &settings.reading);
    let mut above = ui.available_rect_before_wrap();
    above.max.y = (above.max.y - strips).max(above.min.y + 120.0);
    let builder = egui::UiBuilder::new().max_rect(above);
    ui.scope_builder(builder, |ui| section(ui, view, settings, queue));
    if strips > 0.0 {
        reading::show_strips(ui, view, &settings.reading, queue);
    }
}

fn section(ui: &mut Ui, view: &mut OpenView, settings: &Settings, queue: &mut Vec<ViewerCommand>) {
    let source = std::sync::Arc::clone(&view.source);
    let title = view.gather_title().unwrap_or_else(|| "loading".to_owned());
    let traces = view.section.n_traces();
    let name = format!("{title}, {}", numbers::plural(traces, "trace", "traces"));
    let rows = view.rows.clone();
    let keys = view.separating_keys();
    let look = view.look.clone();
    view.section.wheel_scrolls = settings.wheel_scrolls;
    let setting = Setting {
        look: &look,
        statistics: source.facts().amplitude.as_ref(),
        rows: &rows,
        keys: &keys,
        name: &name,
    };
    if view.index.as_ref().is_some_and(|i| i.is_empty()) {
        ui.centered_and_justified(|ui| ui.label("This source has no traces."));
        return;
    }
    view.section.show(ui, setting);
    histogram::show(ui, view, queue);
    let asked = view.section.take_asked();
    queue.extend(asked.into_iter().map(ViewerCommand::Act));
}
