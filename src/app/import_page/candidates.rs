//! Where may a field lie? The places that a scan ranked, with their evidence; one click takes one.

use egui::containers::menu::MenuButton;
use egui::{Button, Label, RichText, Ui};

use super::mapping::{Row, kind_label};
use crate::app::{names, numbers, theme};
use crate::import::{RoleCandidate, RoleFound, Scan};

/// Where else a row may lie; `None` where it has the one place that there is.
pub(super) fn of<'a>(scan: &'a Scan, row: &Row) -> Option<&'a RoleFound> {
    scan.roles.iter().find(|role| {
        role.name == row.name && role.candidates.iter().any(|candidate| !at(candidate, row))
    })
}

fn at(candidate: &RoleCandidate, row: &Row) -> bool {
    candidate.byte == row.byte && candidate.kind == row.kind
}

/// Draws the menu of a row's places; gives whether the row was moved.
pub(super) fn menu(ui: &mut Ui, row: &mut Row, found: &RoleFound) -> bool {
    let best = found.candidates.first();
    let is_best = best.is_some_and(|c| at(c, row));
    let p = theme::palette(ui);
    let others = found.candidates.len() - usize::from(found.candidates.iter().any(|c| at(c, row)));
    let ink = if is_best { p.weak } else { p.warning };
    let text = RichText::new(format!("+{others}")).small().color(ink);
    let mut moved = false;
    let button = MenuButton::from_button(Button::new(text).small());
    let (response, _) = button.ui(ui, |ui| {
        ui.set_min_width(330.0);
        ui.label(RichText::new(format!("Where is the {}?", found.title)).strong());
        for candidate in &found.candidates {
            let here = at(candidate, row);
            if entry(ui, candidate, here) {
                row.move_to(candidate.byte, candidate.kind);
                moved = true;
                ui.close();
            }
        }
    });
    let label = format!("Places for {}", names::label(&row.name));
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, label.clone()));
    let hover = if is_best {
        "The most likely place; others with their evidence"
    } else {
        "Another place is more likely"
    };
    response.on_hover_text(hover);
    moved
}

fn entry(ui: &mut Ui, candidate: &RoleCandidate, here: bool) -> bool {
    let title = format!(
        "Byte {} as {} · {:.0} %",
        candidate.byte,
        kind_label(candidate.kind),
        candidate.score * 100.0
    );
    let clicked = ui.selectable_label(here, title).clicked();
    let p = theme::palette(ui);
    let evidence = RichText::new(evidence(candidate)).small().color(p.weak);
    ui.add(Label::new(evidence).wrap());
    clicked
}

/// "1…300, 300 values in 25 runs (estimated): the text header names it; a grid with crosslines".
fn evidence(candidate: &RoleCandidate) -> String {
    let distinct = if candidate.n_distinct >= 4096 {
        "over 4 096 values".to_owned()
    } else {
        numbers::plural(candidate.n_distinct, "value", "values")
    };
    let estimated = if candidate.estimated {
        format!(
            " in {} read",
            numbers::plural(candidate.n_seen, "trace", "traces")
        )
    } else {
        String::new()
    };
    let range = if candidate.n_distinct <= 1 {
        format!("always {}", candidate.first)
    } else {
        format!("{}…{}, {distinct}", candidate.min, candidate.max)
    };
    let reasons = candidate.reasons.join("; ");
    format!("{range}{estimated}: {reasons}")
}
