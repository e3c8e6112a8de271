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
const WIDE: f32 = 1180.0;
/// Lines that a title takes, with the gap above.
const TITLE_LINES: usize = 2;

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
                .max_height(screen.height() - 90.0)
                .min_scrolled_height((screen.height() - 140.0).min(790.0))
                .show(ui, tables);
        });
    if modal.should_close() {
        commands.act(Action::Escape);
    }
}

/// One line: where it holds, the keys, what they do.
type Row = (&'static str, String, &'static str);

/// All lines, flowing through columns of one length.
fn tables(ui: &mut egui::Ui) {
    let mouse = MOUSE.iter();
    let mouse = mouse.map(|(what, does)| ("Mouse over a section", (*what).to_owned(), *does));
    let everywhere = rows("Everywhere", Where::Everywhere);
    let viewer = rows("In the viewer", Where::Viewer);
    let all: Vec<Row> = everywhere.chain(viewer).chain(mouse).collect();
    // In a narrow window three columns would reach over the edge.
    let n_columns = if ui.available_width() < WIDE - 20.0 {
        2
    } else {
        3
    };
    ui.spacing_mut().item_spacing.x = 24.0;
    ui.columns(n_columns, |columns| {
        for (column, lines) in columns.iter_mut().zip(in_columns(&all, n_columns)) {
            for lines in lines.chunk_by(|a, b| a.0 == b.0) {
                table(column, lines);
                column.add_space(6.0);
            }
        }
    });
}

/// Parts of about the same length, their titles counted.
fn in_columns(mut rows: &[Row], n_columns: usize) -> Vec<&[Row]> {
    let titles = |rows: &[Row]| rows.chunk_by(|a, b| a.0 == b.0).count();
    let length = |rows: &[Row]| rows.len() + TITLE_LINES * titles(rows);
    let mut parts = Vec::new();
    for n_left in (1..=n_columns).rev() {
        // Each break between columns repeats a title.
        let wanted = (length(rows) + TITLE_LINES * (n_left - 1)).div_ceil(n_left);
        let fits = (0..=rows.len()).rfind(|n| length(&rows[..*n]) <= wanted);
        let (part, rest) = rows.split_at(fits.filter(|_| n_left > 1).unwrap_or(rows.len()));
        parts.push(part);
        rows = rest;
    }
    parts
}

fn rows(title: &'static str, place: Where) -> impl Iterator<Item = Row> {
    let shortcuts = SHORTCUTS.iter().filter(move |s| s.place == place);
    shortcuts.map(move |s| (title, all_keys_of(s), s.label))
}

fn table(ui: &mut egui::Ui, rows: &[Row]) {
    let Some((title, first, _)) = rows.first() else {
        return;
    };
    widgets::caption(ui, title);
    egui::Grid::new((title, first))
        .num_columns(2)
        .spacing([10.0, 1.0])
        .show(ui, |ui| {
            ui.spacing_mut().interact_size.y = 20.0;
            for (_, keys, label) in rows {
                widgets::key_cap(ui, keys);
                ui.label(egui::RichText::new(*label).size(13.5));
                ui.end_row();
            }
        });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_hold_all_lines_and_are_equally_long() {
        let line = |title| (title, "K".to_owned(), "does");
        let rows: Vec<Row> = [
            vec![line("a"); 14],
            vec![line("b"); 44],
            vec![line("c"); 16],
        ]
        .concat();
        let parts = in_columns(&rows, 3);
        let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
        assert_eq!(lengths.iter().sum::<usize>(), rows.len());
        assert_eq!(lengths, [24, 26, 24]);
        assert_eq!(in_columns(&[], 2), [&[] as &[Row], &[]]);
    }
}
