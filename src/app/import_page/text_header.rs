//! The textual headers as 40 lines of 80 characters, and the binary file header as a table.

use egui::{Grid, RichText, ScrollArea, Ui};

use super::Editing;
use crate::app::{names, theme, widgets};
use crate::segy::fields_binary::BINARY_FIELDS;
use crate::segy::{ByteOrder, FieldSpec, HeaderValue};

/// Draws textual header `index`: 0 is the file's, then the extended ones.
pub(crate) fn show_text(ui: &mut Ui, editing: &Editing, index: usize) {
    let scan = &editing.scan;
    let header = if index == 0 {
        Some(&scan.textual_header)
    } else {
        scan.extended_textual_headers.get(index - 1)
    };
    let Some(header) = header else {
        widgets::weak(ui, "There is no such header.");
        return;
    };
    let lines = header.lines();
    ui.horizontal(|ui| {
        widgets::hint(ui, "40 lines of 80 characters, as they stand in the file");
        if ui.small_button("Copy").clicked() {
            ui.ctx().copy_text(lines.join("\n"));
        }
    });
    let p = theme::palette(ui);
    ScrollArea::both()
        .id_salt(("text header", index))
        .auto_shrink(false)
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 1.0;
            for (i, line) in lines.iter().enumerate() {
                ui.horizontal(|ui| {
                    ui.label(
                        RichText::new(format!("{:>2} ", i + 1))
                            .monospace()
                            .color(p.weak),
                    );
                    let text = RichText::new(format!("{line:<80}")).monospace();
                    ui.add(egui::Label::new(text).extend().selectable(true));
                });
            }
        });
}

/// Draws the binary file header's words that hold anything.
pub(crate) fn show_binary(ui: &mut Ui, editing: &Editing) {
    let scan = &editing.scan;
    let order = scan.layout.byte_order.value;
    widgets::hint(
        ui,
        "Words of bytes 3201 to 3600; those that are zero are left out",
    );
    ScrollArea::both()
        .id_salt("binary header")
        .auto_shrink(false)
        .show(ui, |ui| {
            Grid::new("binary")
                .num_columns(3)
                .spacing([18.0, 3.0])
                .striped(true)
                .show(ui, |ui| {
                    for field in BINARY_FIELDS {
                        let Some(value) = read(field, &scan.binary_header, order) else {
                            continue;
                        };
                        widgets::hint(ui, field.byte.to_string());
                        ui.label(names::capitalised(&field.name.replace('_', " ")));
                        ui.label(RichText::new(value).monospace());
                        ui.end_row();
                    }
                });
        });
}

fn read(field: &FieldSpec, header: &[u8], order: ByteOrder) -> Option<String> {
    let byte = field.byte.checked_sub(3200)?;
    match field.kind.read(header, byte, order)? {
        HeaderValue::Int(0) | HeaderValue::Uint(0) | HeaderValue::Float(0.0) => None,
        HeaderValue::Int(v) => Some(v.to_string()),
        HeaderValue::Uint(v) => Some(v.to_string()),
        HeaderValue::Float(v) => Some(v.to_string()),
        HeaderValue::Text(text) if text.trim().is_empty() => None,
        HeaderValue::Text(text) => Some(text),
    }
}
