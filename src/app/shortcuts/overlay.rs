//! The list of all keys and mouse gestures over the window.

use super::{SHORTCUTS, Where, all_keys_of};
use crate::app::command::{Action, Commands};
use crate::app::widgets;

/// What the mouse does over a section.
const MOUSE: &[(&str, &str)] = &[
    ("Wheel", "Zoom at the cursor"),
    ("Shift+wheel", "Zoom time only"),
    ("Ctrl+wheel", "Zoom traces only"),
    ("Alt+wheel", "Stronger or weaker picture"),
    ("Pinch", "Zoom at the fingers"),
    ("Wheel on an axis", "Zoom that axis (or drag it)"),
    ("Drag", "Zoom to the box"),
    ("Thin drag", "Zoom one axis to the band"),
    ("Space+drag", "Move the picture (or middle drag)"),
    ("Double-click", "Show the whole gather"),
    ("Click", "Pin the trace"),
    ("Ctrl+click", "Pin another trace beside it"),
    ("Shift+drag", "Spectrum of the box"),
    ("Right click", "Menu"),
    ("Buttons 4 and 5", "Zoom back and forward"),
    ("Colour bar", "Click: histogram; double: auto"),
];

/// Room for three columns.
const WIDE: f32 = 1140.0;

/// The overlay that lists everything.
pub(crate) fn show(ctx: &egui::Context, commands: &mut Commands) {
    let screen = ctx.content_rect();
    let frame = egui::Frame::window(&ctx.global_style()).inner_margin(18.0);
    let modal = egui::Modal::new(egui::Id::unique("shortcuts"))
        .frame(frame)
        .show(ctx, |ui| {
            ui.set_width((screen.width() - 90.0).min(WIDE));
            ui.horizontal(|ui| {
                ui.heading("Keys and mouse");
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    if ui.button("Close").clicked() {
                        commands.act(Action::Escape);
                    }
                });
            });
            ui.add_space(8.0);
            egui::ScrollArea::vertical()
                .max_height(screen.height() - 150.0)
                .min_scrolled_height((screen.height() - 190.0).min(720.0))
                .show(ui, tables);
        });
    if modal.should_close() {
        commands.act(Action::Escape);
    }
}

fn tables(ui: &mut egui::Ui) {
    let everywhere = |ui: &mut egui::Ui| {
        table(ui, "Everywhere", &rows(Where::Everywhere));
        ui.add_space(12.0);
        let mouse = MOUSE.iter();
        let mouse: Vec<_> = mouse
            .map(|(what, does)| ((*what).to_owned(), *does))
            .collect();
        table(ui, "Mouse over a section", &mouse);
    };
    let viewer = rows(Where::Viewer);
    // In a narrow window three columns would reach over the edge.
    let n_columns = if ui.available_width() < WIDE - 20.0 {
        2
    } else {
        3
    };
    let part = viewer.len().div_ceil(n_columns - 1);
    ui.columns(n_columns, |columns| {
        if let Some((first, others)) = columns.split_first_mut() {
            everywhere(first);
            for (column, rows) in others.iter_mut().zip(viewer.chunks(part.max(1))) {
                table(column, "In the viewer", rows);
            }
        }
    });
}

fn rows(place: Where) -> Vec<(String, &'static str)> {
    SHORTCUTS
        .iter()
        .filter(|s| s.place == place)
        .map(|s| (all_keys_of(s), s.label))
        .collect()
}

fn table(ui: &mut egui::Ui, title: &str, rows: &[(String, &'static str)]) {
    widgets::caption(ui, title);
    ui.add_space(2.0);
    let salt = (title, rows.len(), rows.first());
    egui::Grid::new(salt)
        .num_columns(2)
        .spacing([10.0, 3.0])
        .show(ui, |ui| {
            ui.spacing_mut().interact_size.y = 20.0;
            for (keys, label) in rows {
                widgets::key_cap(ui, keys);
                ui.label(egui::RichText::new(*label).size(13.5));
                ui.end_row();
            }
        });
}
