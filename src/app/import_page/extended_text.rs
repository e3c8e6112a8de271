//! The extended textual headers and the data trailer: a tab for each stanza, and the pages as they stand.

use egui::{Button, RichText, ScrollArea, Ui};

use super::editing::{ExtendedText, Tab};
use super::{Editing, text_header};
use crate::app::{numbers, theme, widgets};
use crate::segy::{SegyError, SegyFile, Stanza};

/// A stanza, and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    name: String,
    body: String,
    in_trailer: bool,
}

/// Reads all stanzas; on a thread.
pub(super) fn read(file: &SegyFile) -> Result<Vec<Shown>, SegyError> {
    let shown = |in_trailer: bool| {
        move |stanza: Stanza| Shown {
            name: if stanza.name.is_empty() {
                "Text without a name".to_owned()
            } else {
                stanza.name
            },
            body: stanza.body,
            in_trailer,
        }
    };
    let mut all: Vec<Shown> = file.stanzas().into_iter().map(shown(false)).collect();
    all.extend(file.trailer_stanzas()?.into_iter().map(shown(true)));
    Ok(all)
}

/// What the tab is called; `None` where there is nothing to show.
pub(super) fn tab_label(editing: &Editing) -> Option<String> {
    let n_stanzas = editing.stanzas.len();
    let n_pages = editing.scan.extended_textual_headers.len();
    if n_stanzas > 0 {
        let n = numbers::plural(n_stanzas as u64, "stanza", "stanzas");
        Some(format!("Extended text ({n})"))
    } else if n_pages > 0 {
        Some(format!("Extended text ({n_pages})"))
    } else {
        None
    }
}

/// Draws the stanzas' tabs, and the one that is chosen.
pub(super) fn show(ui: &mut Ui, editing: &mut Editing, chosen: ExtendedText) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        for (index, stanza) in editing.stanzas.iter().enumerate() {
            let mut label = numbers::elide(&stanza.name, 40);
            if stanza.in_trailer {
                label.push_str(" (behind the traces)");
            }
            let here = chosen == ExtendedText::Stanza(index);
            let button = Button::selectable(here, RichText::new(label).small());
            if ui.add(button).on_hover_text(&stanza.name).clicked() {
                editing.tab = Tab::Extended(ExtendedText::Stanza(index));
            }
        }
        for page in 0..editing.scan.extended_textual_headers.len() {
            let here = chosen == ExtendedText::Page(page);
            let label = format!("Page {} as it stands", page + 1);
            if ui
                .add(Button::selectable(here, RichText::new(label).small()))
                .clicked()
            {
                editing.tab = Tab::Extended(ExtendedText::Page(page));
            }
        }
    });
    match chosen {
        ExtendedText::Page(page) => text_header::show_text(ui, editing, page + 1),
        ExtendedText::Stanza(index) => match editing.stanzas.get(index) {
            Some(stanza) => body(ui, stanza, index),
            // Nothing but pages.
            None => text_header::show_text(ui, editing, 1),
        },
    }
}

fn body(ui: &mut Ui, stanza: &Shown, index: usize) {
    ui.horizontal(|ui| {
        ui.label(RichText::new(&stanza.name).strong());
        if ui.small_button("Copy").clicked() {
            ui.ctx().copy_text(stanza.body.clone());
        }
    });
    if stanza.body.trim().is_empty() {
        widgets::weak(ui, "This stanza has no text.");
        return;
    }
    let ink = theme::palette(ui).text;
    ScrollArea::both()
        .id_salt(("stanza", index))
        .auto_shrink(false)
        .show(ui, |ui| {
            let text = RichText::new(&stanza.body).monospace().color(ink);
            ui.add(egui::Label::new(text).extend().selectable(true));
        });
}
