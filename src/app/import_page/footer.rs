//! Where the dataset will lie, how large it will be, how long it will take; and the one button.

use egui::{Align, Button, ComboBox, Layout, RichText, TextEdit, Ui, Vec2};

use super::editing::{EstimateState, PlanState};
use super::work::CODECS;
use super::{Editing, ImportCommand};
use crate::app::jobs::share;
use crate::app::messages::in_the_windows_words;
use crate::app::{numbers, theme, widgets};
use crate::dataset::{Codec, PartialState};
use crate::import::{Estimate, ImportMode, ImportPlan, RequestedMode};

/// Draws the footer.
pub(crate) fn show(ui: &mut Ui, editing: &mut Editing, queue: &mut Vec<ImportCommand>) {
    ui.horizontal(|ui| {
        output(ui, editing, queue);
    });
    ui.add_space(2.0);
    ui.horizontal(|ui| {
        let width = (ui.available_width() - 360.0).max(200.0);
        ui.allocate_ui_with_layout(Vec2::new(width, 44.0), Layout::top_down(Align::Min), |ui| {
            ui.set_width(width);
            ui.set_min_height(46.0);
            expectation(ui, editing, queue);
        });
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            buttons(ui, editing, queue);
        });
    });
}

fn output(ui: &mut Ui, editing: &mut Editing, queue: &mut Vec<ImportCommand>) {
    ui.label("Dataset");
    let rest = 470.0;
    let edit = TextEdit::singleline(&mut editing.output)
        .desired_width((ui.available_width() - rest).max(160.0));
    let response = ui.add(edit);
    widgets::name_field(&response, "Folder of the dataset");
    if response.changed() {
        editing.overwrite = false;
        queue.push(ImportCommand::Changed);
    }
    response.on_hover_text(editing.output.clone());
    if ui
        .button("Browse…")
        .on_hover_text("Choose the folder in which it will lie")
        .clicked()
    {
        queue.push(ImportCommand::AskOutputFolder);
    }
    let codec = editing.codec;
    let combo = ComboBox::from_id_salt("codec")
        .selected_text(codec_label(codec))
        .width(170.0)
        .height(320.0)
        .show_ui(ui, |ui| {
            for choice in CODECS {
                let words = codec_words(editing, choice);
                ui.selectable_value(&mut editing.codec, choice, words);
                widgets::hint(ui, choice.describe());
            }
        });
    combo
        .response
        .widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, codec_label(codec)));
    let mode = editing.mode;
    let selected = mode_text(editing);
    let combo = ComboBox::from_id_salt("mode")
        .selected_text(&selected)
        .width(130.0)
        .show_ui(ui, |ui| {
            ui.selectable_value(&mut editing.mode, RequestedMode::Auto, "Automatic");
            ui.selectable_value(
                &mut editing.mode,
                RequestedMode::Streaming,
                "Streaming (constant memory)",
            );
            ui.selectable_value(
                &mut editing.mode,
                RequestedMode::Batch,
                "Batch (all in memory)",
            );
        });
    combo.response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::ComboBox, true, format!("Mode: {selected}"))
    });
    if codec != editing.codec || mode != editing.mode {
        queue.push(ImportCommand::Changed);
    }
}

fn mode_text(editing: &Editing) -> String {
    match (editing.mode, &editing.plan) {
        (RequestedMode::Auto, PlanState::Ready(plan)) => match plan.mode() {
            ImportMode::Batch => "Mode: batch".to_owned(),
            ImportMode::Streaming => "Mode: streaming".to_owned(),
        },
        (RequestedMode::Auto, PlanState::Making | PlanState::Refused(_)) => {
            "Mode: automatic".to_owned()
        }
        (RequestedMode::Streaming, _) => "Mode: streaming".to_owned(),
        (RequestedMode::Batch, _) => "Mode: batch".to_owned(),
    }
}

fn codec_label(codec: Codec) -> &'static str {
    match codec {
        Codec::Balanced => "Compression: balanced",
        Codec::Fast => "Compression: fast",
        Codec::Small => "Compression: small",
    }
}

/// "Fast: about 712 MB, 84 % of the file, 5 s": as measured on this file.
fn codec_words(editing: &Editing, codec: Codec) -> String {
    let name = match codec {
        Codec::Balanced => "Balanced",
        Codec::Fast => "Fast",
        Codec::Small => "Small",
    };
    match editing.measured.of(codec) {
        Some(estimate) => format!(
            "{name}: about {}, {}, {}",
            numbers::bytes(estimate.output_bytes),
            share(estimate.output_bytes, file_bytes(editing)),
            numbers::about(estimate.duration),
        ),
        None => format!("{name}: being measured on this file…"),
    }
}

fn file_bytes(editing: &Editing) -> u64 {
    editing.scan.layout.file_size_bytes
}

/// Mode and its reason, size, space, time; or why it cannot be done.
fn expectation(ui: &mut Ui, editing: &mut Editing, queue: &mut Vec<ImportCommand>) {
    let p = theme::palette(ui);
    match &editing.plan {
        PlanState::Making => {
            widgets::weak(ui, "Planning…");
        }
        PlanState::Refused(refusal) => {
            let mut replace = false;
            let sentence = sentence(&refusal.sentence);
            ui.horizontal_wrapped(|ui| {
                ui.label(RichText::new(sentence).color(p.error));
                if refusal.output_exists && ui.button("Replace it").clicked() {
                    replace = true;
                }
            });
            if replace {
                editing.overwrite = true;
                queue.push(ImportCommand::Changed);
            }
        }
        PlanState::Ready(plan) => {
            ui.add(egui::Label::new(RichText::new(mode_words(plan)).color(p.weak)).truncate());
            estimate_line(ui, &editing.estimate, file_bytes(editing));
        }
    }
}

fn sentence(text: &str) -> String {
    let text = in_the_windows_words(text);
    let mut chars = text.chars();
    chars
        .next()
        .map(|c| c.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}

fn mode_words(plan: &ImportPlan) -> String {
    let mode = match plan.mode() {
        ImportMode::Batch => "Batch: all traces in memory",
        ImportMode::Streaming => "Streaming: constant memory",
    };
    let replaced = if plan.spec().overwrite {
        " · replaces the dataset that is there"
    } else {
        ""
    };
    format!("{mode}, because {}{replaced}", plan.mode_reason())
}

fn estimate_line(ui: &mut Ui, estimate: &EstimateState, file_bytes: u64) {
    let p = theme::palette(ui);
    match estimate {
        EstimateState::Waiting | EstimateState::Measuring(_) => {
            widgets::weak(
                ui,
                "Estimating size and time from a few blocks of this file…",
            );
        }
        EstimateState::Failed(why) => {
            ui.label(RichText::new(format!("No estimate: {why}")).color(p.warning));
        }
        EstimateState::Ready(estimate) => {
            let ink = if fits(estimate) { p.text } else { p.error };
            let words = estimate_words(estimate, file_bytes);
            ui.add(egui::Label::new(RichText::new(words).color(ink)).truncate());
        }
    }
}

fn estimate_words(estimate: &Estimate, file_bytes: u64) -> String {
    let size = numbers::bytes(estimate.output_bytes);
    let free = estimate.free_bytes.map_or_else(String::new, |free| {
        let free_text = numbers::bytes(free);
        if fits(estimate) {
            format!(" (free: {free_text})")
        } else {
            format!(", but only {free_text} are free")
        }
    });
    format!(
        "About {size}, {}{free} · about {} (measured on {})",
        share(estimate.output_bytes, file_bytes),
        numbers::about(estimate.duration),
        numbers::bytes(estimate.measured_bytes)
    )
}

fn fits(estimate: &Estimate) -> bool {
    estimate
        .free_bytes
        .is_none_or(|free| free > estimate.output_bytes)
}

fn buttons(ui: &mut Ui, editing: &Editing, queue: &mut Vec<ImportCommand>) {
    let reason = blocked(editing);
    let import = widgets::primary(ui, reason.is_none(), "   Import   ");
    import
        .widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, reason.is_none(), "Import"));
    let import = import.on_hover_text("Write the dataset; you can go on browsing");
    let import = match &reason {
        Some(reason) => import.on_disabled_hover_text(reason),
        None => import,
    };
    if import.clicked() {
        queue.push(ImportCommand::Start);
    }
    let view = Button::new("Just view, do not import").min_size(Vec2::new(0.0, 32.0));
    if ui
        .add(view)
        .on_hover_text("Browse the file itself; nothing is written")
        .clicked()
    {
        queue.push(ImportCommand::ViewOnly);
    }
}

/// Why Import cannot be pressed now.
fn blocked(editing: &Editing) -> Option<String> {
    if editing.rescan.is_some() {
        return Some("The file is being scanned again".to_owned());
    }
    if editing.is_settling() {
        return Some("Planning…".to_owned());
    }
    if let Some(partial) = &editing.partial
        && partial.state == PartialState::Resumable
        && partial.n_traces_done > 0
    {
        // Hours of work are not thrown away by the largest button.
        return Some("An import was interrupted: resume it, or start over (above)".to_owned());
    }
    match (&editing.plan, &editing.estimate) {
        (PlanState::Making, _) => Some("Planning…".to_owned()),
        (PlanState::Refused(refusal), _) => Some(sentence(&refusal.sentence)),
        (PlanState::Ready(_), EstimateState::Ready(estimate)) if !fits(estimate) => Some(format!(
            "{}. Choose another disk or folder",
            estimate_words(estimate, file_bytes(editing))
        )),
        (PlanState::Ready(_), _) => None,
    }
}
