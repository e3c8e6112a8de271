//! What holds for all files: memory, threads, and whether imports are verified.

use egui::{DragValue, Grid, Id, Modal, Ui};

use super::command::{Command, Commands};
use super::settings::{PainterChoice, Settings, ThemeChoice};
use super::{numbers, widgets};

/// Least and most of the import's memory, in MiB.
const IMPORT_MIB: std::ops::RangeInclusive<u32> = 64..=65_536;
/// Least and most of the viewer's cache, in MiB.
const CACHE_MIB: std::ops::RangeInclusive<usize> = 64..=65_536;

/// Draws the dialog.
/// `painter`: who draws the window and who paints now.
pub(crate) fn show(
    ctx: &egui::Context,
    settings: &Settings,
    painter: Option<&str>,
    commands: &mut Commands,
) {
    let mut edited = settings.clone();
    let modal = Modal::new(Id::unique("settings"))
        .frame(egui::Frame::window(&ctx.global_style()).inner_margin(18.0))
        .show(ctx, |ui| {
            ui.set_width(520.0);
            ui.heading("Settings");
            ui.add_space(8.0);
            importing(ui, &mut edited);
            ui.add_space(10.0);
            viewing(ui, &mut edited, painter, commands);
            ui.add_space(14.0);
            if widgets::primary(ui, true, "Close").clicked() {
                commands.push(Command::StayOpen);
            }
        });
    if edited != *settings {
        commands.push(Command::SetSettings(Box::new(edited)));
    }
    if modal.should_close() {
        commands.push(Command::StayOpen);
    }
}

fn importing(ui: &mut Ui, settings: &mut Settings) {
    widgets::caption(ui, "Importing");
    Grid::new("import settings")
        .num_columns(2)
        .spacing([16.0, 8.0])
        .show(ui, |ui| {
            ui.label("Memory for streaming");
            let field = DragValue::new(&mut settings.import_memory_mib)
                .range(IMPORT_MIB)
                .speed(4.0)
                .suffix(" MiB");
            name(&ui.add(field), "Memory for streaming in MiB");
            ui.end_row();
            ui.label("Threads");
            let processors = std::thread::available_parallelism().map_or(1, usize::from);
            let field = DragValue::new(&mut settings.import_threads)
                .range(0..=256)
                .speed(0.1)
                .custom_formatter(move |value, _| {
                    if value < 1.0 {
                        format!("all {}", numbers::count(processors as u64))
                    } else {
                        format!("{value:.0}")
                    }
                });
            name(&ui.add(field), "Threads, 0 for all processors");
            ui.end_row();
        });
    widgets::hint(
        ui,
        "An import never takes more memory than this, however large the file; less is slower",
    );
    ui.checkbox(
        &mut settings.verify_imports,
        "Verify every import: read the dataset back and compare it with the file",
    );
}

fn viewing(ui: &mut Ui, settings: &mut Settings, painter: Option<&str>, commands: &mut Commands) {
    widgets::caption(ui, "Browsing");
    Grid::new("view settings")
        .num_columns(2)
        .spacing([16.0, 8.0])
        .show(ui, |ui| {
            ui.label("Memory for browsing");
            let field = DragValue::new(&mut settings.cache_mib)
                .range(CACHE_MIB)
                .speed(4.0)
                .suffix(" MiB");
            name(&ui.add(field), "Memory for browsing in MiB");
            ui.end_row();
            ui.label("Colours");
            ui.horizontal(|ui| {
                for choice in ThemeChoice::ALL {
                    if ui.radio(settings.theme == choice, choice.label()).clicked() {
                        commands.push(Command::SetTheme(choice));
                    }
                }
            });
            ui.end_row();
        });
    ui.horizontal(|ui| {
        ui.label("Sections are painted by");
        for choice in PainterChoice::ALL {
            ui.radio_value(&mut settings.painter, choice, choice.label());
        }
    });
    if let Some(words) = painter {
        widgets::hint(ui, words);
    }
    ui.checkbox(
        &mut settings.wheel_scrolls,
        "The wheel moves the picture; Ctrl+wheel zooms (for trackpads)",
    );
}

fn name(response: &egui::Response, name: &'static str) {
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::SpinButton, true, name));
}
