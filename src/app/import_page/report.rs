//! What does the file say of itself, what is it really, and what is odd?

use egui::{ScrollArea, Ui};

use super::{Editing, ImportCommand, facts, findings};
use crate::app::{numbers, widgets};
use crate::import::ScanDepth;

/// Draws the report.
pub(crate) fn show(ui: &mut Ui, editing: &mut Editing, queue: &mut Vec<ImportCommand>) {
    ScrollArea::vertical()
        .id_salt("report")
        .auto_shrink(false)
        .show(ui, |ui| {
            ui.set_width(ui.available_width() - 6.0);
            widgets::caption(ui, "What the file is");
            ui.add_space(2.0);
            if let Some(error) = editing.rescan_error.clone() {
                if widgets::card(ui, |ui| widgets::message_body(ui, &error)) {
                    ui.ctx().copy_text(error.as_text());
                }
                ui.add_space(4.0);
            }
            if facts::show(ui, editing) {
                queue.push(ImportCommand::Scan(ScanDepth::Quick));
            }
            ui.add_space(6.0);
            counted(ui, editing);
            ui.add_space(8.0);
            findings::show(ui, editing, queue);
        });
}

fn counted(ui: &mut Ui, editing: &Editing) {
    let scan = &editing.scan;
    let layout = &scan.layout;
    let mut facts = vec![
        ("Revision", layout.revision.value.to_string()),
        ("Traces", numbers::count(layout.n_traces)),
    ];
    if let Some(us) = layout.sample_interval_micros.value {
        let length = us / 1000.0 * f64::from(layout.n_samples.value.saturating_sub(1));
        facts.push((
            "Trace length",
            format!("{} ms", numbers::axis_value(length.round(), 1.0)),
        ));
    }
    let (least, most) = scan.delay_millis;
    facts.push((
        "Start (delay)",
        if least.total_cmp(&most).is_eq() {
            format!("{least} ms")
        } else {
            format!("{least}…{most} ms")
        },
    ));
    let tail = layout.file_size_bytes.saturating_sub(layout.trailer_start);
    facts.push((
        "After the traces",
        if tail == 0 {
            "nothing".to_owned()
        } else {
            numbers::bytes(tail)
        },
    ));
    facts.push(("Dead traces seen", numbers::count(scan.n_dead_traces)));
    facts.push(("NaN or infinite", numbers::count(scan.n_non_finite)));
    let [_, _, p99, largest] = scan.abs_percentiles;
    facts.push(("P99 (sampled)", format!("±{}", numbers::amplitude(p99))));
    facts.push((
        "Largest (sampled)",
        format!("±{}", numbers::amplitude(largest)),
    ));
    egui::Grid::new("facts")
        .num_columns(2)
        .spacing([12.0, 3.0])
        .show(ui, |ui| {
            for (title, value) in facts {
                widgets::weak(ui, title);
                ui.label(value);
                ui.end_row();
            }
        });
}
