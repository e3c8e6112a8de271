//! The page as a whole: scanning, refused, editing, running and done.

use egui::{Align, Button, CentralPanel, Frame, Layout, Margin, Panel, RichText, Ui};

use super::arriving::Arriving;
use super::editing::{ExtendedText, Tab};
use super::overrides::Number;
use super::{
    Editing, ImportCommand, ImportPage, ImportScreen, Refused, Scanning, depth_words,
    extended_text, findings, footer, map, mapping, overrides, preview, report, text_header,
    unfinished,
};
use crate::app::command::{Command, Commands};
use crate::app::jobs::{self, Jobs};
use crate::app::settings::Settings;
use crate::app::{numbers, theme, widgets};
use crate::import::ScanDepth;

/// Points that the picture in the middle has at least.
const LEAST_PICTURE: f32 = 384.0;

/// Draws the page.
pub(crate) fn show(
    ui: &mut Ui,
    page: &mut ImportPage,
    _settings: &Settings,
    all_jobs: &Jobs,
    commands: &mut Commands,
) {
    let mut queue = Vec::new();
    let (id, path) = (page.id, page.path.clone());
    match &mut page.screen {
        ImportScreen::Scanning(scanning) => scanning_page(ui, &path, scanning, &mut queue),
        ImportScreen::Refused(refused) => refused_page(ui, &path, refused, &mut queue, commands),
        ImportScreen::Editing(editing) => editing_page(ui, editing, &mut queue),
        ImportScreen::Running {
            job,
            editing,
            arriving,
        } => {
            let parts = (&mut **editing, arriving.as_deref_mut());
            job_page(ui, *job, parts, all_jobs, &mut queue, commands);
        }
        ImportScreen::Done { job, editing } => {
            let parts = (&mut **editing, None);
            job_page(ui, *job, parts, all_jobs, &mut queue, commands);
        }
    }
    for command in queue {
        commands.push(Command::Import(id, command));
    }
}

fn scanning_page(
    ui: &mut Ui,
    path: &std::path::Path,
    scanning: &Scanning,
    queue: &mut Vec<ImportCommand>,
) {
    ui.add_space(ui.available_height() * 0.3);
    ui.vertical_centered(|ui| {
        ui.spinner();
        ui.add_space(8.0);
        ui.heading(format!(
            "Scanning {}",
            numbers::elide(&numbers::file_name(path), 50)
        ));
        let fraction = scanning.context.progress.snapshot().fraction();
        let seconds = numbers::duration(scanning.since.elapsed());
        let share = fraction.map_or_else(String::new, |f| format!(" · {:.0} %", f * 100.0));
        widgets::weak(
            ui,
            format!("Reading headers and a few traces · {seconds}{share}"),
        );
        ui.add_space(10.0);
        if ui.button("Cancel").clicked() {
            queue.push(ImportCommand::CancelScan);
        }
    });
}

fn refused_page(
    ui: &mut Ui,
    path: &std::path::Path,
    refused: &mut Refused,
    queue: &mut Vec<ImportCommand>,
    commands: &mut Commands,
) {
    ui.add_space(40.0);
    let side = ((ui.available_width() - 680.0) / 2.0).max(10.0);
    ui.horizontal_top(|ui| {
        ui.add_space(side);
        ui.vertical(|ui| {
            ui.set_width(680.0);
            ui.heading(numbers::elide(&numbers::file_name(path), 60));
            widgets::path_label(ui, path, 90);
            ui.add_space(10.0);
            widgets::card(ui, |ui| {
                ui.set_width(ui.available_width());
                if widgets::message_body(ui, &refused.message) {
                    commands.push(Command::Copy(refused.message.as_text()));
                }
            });
            ui.add_space(14.0);
            what_is_known_better(ui, refused, queue);
        });
    });
}

/// The overrides, for a file whose own headers mislead.
fn what_is_known_better(ui: &mut Ui, refused: &mut Refused, queue: &mut Vec<ImportCommand>) {
    widgets::caption(ui, "If you know better than the file");
    ui.add_space(4.0);
    widgets::card(ui, |ui| {
        let form = &mut refused.form;
        egui::Grid::new("overrides")
            .num_columns(2)
            .spacing([16.0, 6.0])
            .show(ui, |ui| {
                ui.label("Kind of file");
                overrides::container(ui, form, "as in the file");
                ui.end_row();
                ui.label("Sample format");
                overrides::format(ui, form, "as in the file");
                ui.end_row();
                ui.label("Byte order");
                overrides::byte_order(ui, form, "as in the file");
                ui.end_row();
                ui.label("Samples per trace");
                overrides::number(
                    ui,
                    "Samples per trace",
                    &mut form.samples,
                    "as in the file",
                    Number::Positive,
                );
                ui.end_row();
                ui.label("Interval (ms)");
                overrides::number(
                    ui,
                    "Interval in milliseconds",
                    &mut form.interval,
                    "as in the file",
                    Number::Millis,
                );
                ui.end_row();
                ui.label("Bytes before the first trace");
                overrides::number(
                    ui,
                    "Bytes before the first trace",
                    &mut form.first_trace,
                    "as in the file",
                    Number::Whole,
                );
                ui.end_row();
                ui.label("Trace length");
                overrides::trace_length(ui, form, "as in the file");
                ui.end_row();
            });
        ui.add_space(6.0);
        if widgets::primary(ui, true, "Scan again").clicked() {
            queue.push(ImportCommand::Scan(ScanDepth::Quick));
        }
    });
}

fn editing_page(ui: &mut Ui, editing: &mut Editing, queue: &mut Vec<ImportCommand>) {
    let fill = ui.visuals().panel_fill;
    let pane = Frame::new()
        .fill(fill)
        .inner_margin(Margin::symmetric(12, 8));
    Panel::top("import head")
        .frame(pane)
        .resizable(false)
        .show(ui, |ui| head(ui, editing, queue));
    let foot = Frame::new()
        .fill(ui.visuals().window_fill)
        .inner_margin(Margin::symmetric(12, 8));
    Panel::bottom("import foot")
        .frame(foot)
        .resizable(false)
        .show(ui, |ui| footer::show(ui, editing, queue));
    let wide = ui.available_width();
    // In a window that was made smaller the picture keeps its room, not the panels beside it.
    let beside = wide - LEAST_PICTURE;
    Panel::left("report")
        .frame(pane)
        .default_size((wide * 0.22).clamp(250.0, 330.0))
        .size_range(230.0..=(beside - 390.0).clamp(250.0, 460.0))
        .show(ui, |ui| report::show(ui, editing, queue));
    Panel::right("mapping")
        .frame(pane)
        .default_size((wide * 0.29).clamp(390.0, 440.0))
        .size_range(280.0..=(beside - 250.0).clamp(330.0, 620.0))
        .show(ui, |ui| mapping::show(ui, editing, queue));
    let middle = Frame::new()
        .fill(fill)
        .inner_margin(Margin::symmetric(8, 6));
    CentralPanel::default().frame(middle).show(ui, |ui| {
        tabs(ui, editing);
        match editing.tab {
            Tab::Picture => preview::show(ui, editing, queue),
            Tab::Text => text_header::show_text(ui, editing, 0),
            Tab::Extended(chosen) => extended_text::show(ui, editing, chosen),
            Tab::Binary => text_header::show_binary(ui, editing),
            Tab::Map => map::show(ui, editing),
        }
    });
}

fn head(ui: &mut Ui, editing: &Editing, queue: &mut Vec<ImportCommand>) {
    let scan = &editing.scan;
    ui.horizontal(|ui| {
        let name = numbers::file_name(&scan.path);
        ui.label(RichText::new(numbers::elide(&name, 46)).size(19.0).strong())
            .on_hover_text(scan.path.display().to_string());
        ui.label(numbers::bytes(scan.layout.file_size_bytes));
        widgets::weak(ui, "·");
        widgets::weak(ui, depth_words(scan));
        findings::in_brief(ui, editing);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            rescan(ui, editing, queue);
        });
    });
    unfinished::show(ui, editing, queue);
}

fn rescan(ui: &mut Ui, editing: &Editing, queue: &mut Vec<ImportCommand>) {
    if let Some(rescan) = &editing.rescan {
        if ui.button("Cancel").clicked() {
            queue.push(ImportCommand::CancelScan);
        }
        let fraction = rescan.context.progress.snapshot().fraction();
        let what = match rescan.depth {
            ScanDepth::Quick => "Scanning again",
            ScanDepth::Full => "Examining all traces",
        };
        let share = fraction.map_or_else(String::new, |f| format!(" {:.0} %", f * 100.0));
        ui.label(format!("{what}…{share}"));
        ui.spinner();
        return;
    }
    if editing.scan.depth == ScanDepth::Quick {
        let button = ui.button("Examine all traces");
        if button
            .on_hover_text(
                "Read every header and every sample: exact ranges and gather counts, and whatever is \
                 damaged, dead, clipped or doubled",
            )
            .clicked()
        {
            queue.push(ImportCommand::Scan(ScanDepth::Full));
        }
    }
}

fn tabs(ui: &mut Ui, editing: &mut Editing) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        let mut entries = vec![
            (Tab::Picture, "Picture".to_owned()),
            (Tab::Map, "Map".to_owned()),
            (Tab::Text, "Text header".to_owned()),
        ];
        entries.push((Tab::Binary, "Binary header".to_owned()));
        if let Some(label) = extended_text::tab_label(editing) {
            let first = match editing.tab {
                Tab::Extended(chosen) => chosen,
                Tab::Picture | Tab::Text | Tab::Binary | Tab::Map => ExtendedText::Stanza(0),
            };
            entries.push((Tab::Extended(first), label));
        }
        for (tab, label) in entries {
            if ui
                .add(Button::selectable(editing.tab == tab, label))
                .clicked()
            {
                editing.tab = tab;
            }
        }
    });
}

fn job_page(
    ui: &mut Ui,
    job: u64,
    (editing, arriving): (&mut Editing, Option<&mut Arriving>),
    all_jobs: &Jobs,
    queue: &mut Vec<ImportCommand>,
    commands: &mut Commands,
) {
    let margin = Frame::new().inner_margin(Margin::symmetric(24, 14));
    margin.show(ui, |ui| {
        let Some(found) = all_jobs.get(job) else {
            return;
        };
        jobs::card(ui, found, commands);
        ui.add_space(6.0);
        ui.horizontal(|ui| {
            if found.state.has_ended() {
                if ui.button("Back to the settings").clicked() {
                    queue.push(ImportCommand::BackToSettings);
                }
            } else {
                widgets::hint(
                    ui,
                    "You can open other files meanwhile; their imports wait in the queue.",
                );
            }
        });
        ui.add_space(4.0);
        match arriving {
            Some(arriving) if arriving.has_any() => arriving.show(ui),
            _ => {
                let p = theme::palette(ui);
                ui.label(RichText::new("The file").small().color(p.weak));
                preview::show(ui, editing, queue);
            }
        }
    });
}
