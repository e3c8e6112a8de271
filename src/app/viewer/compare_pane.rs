//! Both views on the screen: side by side, one in the place of the other, or their difference.

use egui::{Button, ComboBox, RichText, Ui};

use super::compare::{Compare, CompareCommand, Mode};
use super::{OpenView, ViewerCommand};
use crate::app::command::Action;
use crate::app::section::{Hit, Look, Setting};
use crate::app::shortcuts::keys_of;
use crate::app::{names, numbers, theme, widgets};

/// Draws what is compared; the toolbar and the navigator are A's.
pub(super) fn show(
    ui: &mut Ui,
    main: &mut OpenView,
    name: &str,
    compare: &mut Compare,
    queue: &mut Vec<ViewerCommand>,
) {
    bar(ui, compare, queue);
    let other_name = compare.name.clone();
    match compare.mode {
        Mode::SideBySide => ui.columns(2, |columns| {
            if let [left, right] = columns {
                left.push_id("A", |ui| one(ui, main, "A", name));
                right.push_id("B", |ui| one(ui, &mut compare.other, "B", &other_name));
            }
        }),
        Mode::Flip if compare.flipped => {
            ui.push_id("B", |ui| one(ui, &mut compare.other, "B", &other_name));
        }
        Mode::Flip => {
            ui.push_id("A", |ui| one(ui, main, "A", name));
        }
        Mode::Difference => {
            ui.push_id("difference", |ui| difference(ui, main, compare));
        }
    }
    let asked = main.section.take_asked();
    let theirs = compare.other.section.take_asked();
    queue.extend(asked.into_iter().chain(theirs).map(ViewerCommand::Act));
}

fn bar(ui: &mut Ui, compare: &Compare, queue: &mut Vec<ViewerCommand>) {
    let mut ask = |command| queue.push(ViewerCommand::Compare(command));
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 5.0;
        for (mode, label, hover) in [
            (
                Mode::SideBySide,
                "Side by side",
                "A at the left, B at the right",
            ),
            (
                Mode::Flip,
                "Flip",
                "One in the place of the other; Space changes them",
            ),
            (
                Mode::Difference,
                "Difference",
                "A minus B, sample by sample",
            ),
        ] {
            let button = Button::selectable(compare.mode == mode, label);
            if ui.add(button).on_hover_text(hover).clicked() {
                ask(CompareCommand::SetMode(mode));
            }
        }
        ui.separator();
        ui.label("Linked:");
        let mut links = compare.links;
        ui.checkbox(&mut links.gathers, "gathers");
        ui.checkbox(&mut links.time, "time");
        ui.checkbox(&mut links.traces, "traces");
        ui.checkbox(&mut links.clip, "clip");
        ui.checkbox(&mut links.cursor, "cursor");
        if links != compare.links {
            ask(CompareCommand::SetLinks(links));
        }
        ui.separator();
        for command in key_of_other(ui, &compare.other) {
            ask(CompareCommand::Other(Box::new(command)));
        }
        let close = ui.button("Close comparison");
        if close
            .on_hover_text(format!("A alone ({})", keys_of(Action::Compare)))
            .clicked()
        {
            ask(CompareCommand::Close);
        }
        for note in compare.note.iter().chain(&compare.other_times) {
            let ink = theme::palette(ui).warning;
            ui.label(RichText::new(note).color(ink));
        }
    });
}

/// By which key B's gathers are formed, and steps through them.
fn key_of_other(ui: &mut Ui, other: &OpenView) -> Vec<ViewerCommand> {
    let mut asked = Vec::new();
    let now = other
        .index
        .as_ref()
        .and_then(|index| index.keys.first().cloned());
    let label = now
        .as_ref()
        .map_or_else(|| "panels".to_owned(), |key| names::label(key));
    let known = &other.source.facts().header_names;
    let combo = ComboBox::from_id_salt("key of B")
        .selected_text(format!("B by {}", numbers::elide(&label, 14)))
        .width(110.0)
        .show_ui(ui, |ui| {
            let common = names::COMMON.iter().map(|name| (*name).to_owned());
            let common: Vec<String> = common.filter(|name| known.contains(name)).collect();
            for name in &common {
                let chosen = now.as_ref() == Some(name);
                if ui.selectable_label(chosen, names::label(name)).clicked() {
                    asked.push(ViewerCommand::SetKeys(vec![name.clone()]));
                }
            }
        });
    combo.response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::ComboBox, true, format!("Key of B: {label}"))
    });
    for (arrow, name, action) in [
        ("←", "Previous gather of B", Action::PreviousGather),
        ("→", "Next gather of B", Action::NextGather),
    ] {
        let button = ui.button(arrow);
        button.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, name));
        if button.on_hover_text(name).clicked() {
            asked.push(ViewerCommand::Act(action));
        }
    }
    asked
}

/// One of both under its name.
fn one(ui: &mut Ui, view: &mut OpenView, letter: &str, name: &str) {
    let title = view.gather_title().unwrap_or_else(|| "loading".to_owned());
    caption(
        ui,
        &format!("{letter}: {} · {title}", numbers::elide(name, 36)),
    );
    if let Some(message) = &view.load_error {
        widgets::warning_line(ui, &message.as_text());
    }
    let (look, rows) = (view.look.clone(), view.rows.clone());
    let keys = view.separating_keys();
    let n_traces = numbers::plural(view.section.n_traces(), "trace", "traces");
    let label = format!("{letter}, {title}, {n_traces}");
    let source = std::sync::Arc::clone(&view.source);
    let setting = Setting {
        look: &look,
        statistics: source.facts().amplitude.as_ref(),
        rows: &rows,
        keys: &keys,
        name: &label,
    };
    view.section.show(ui, setting);
}

fn difference(ui: &mut Ui, main: &mut OpenView, compare: &mut Compare) {
    let title = main.gather_title().unwrap_or_else(|| "loading".to_owned());
    match &compare.made {
        None => {
            ui.spinner();
            return;
        }
        Some(Err(why)) => {
            caption(ui, &format!("A − B · {title}"));
            ui.add_space(20.0);
            ui.vertical_centered(|ui| widgets::warning_line(ui, why));
            return;
        }
        Some(Ok(share)) => caption(
            ui,
            &format!("A − B · {title} · RMS {:.2} % of A's", 100.0 * share),
        ),
    }
    // The clip of A: the difference is as strong as it is.
    let mut look: Look = main.look.clone();
    look.clip = compare.other.look.clip;
    look.gain = crate::view::Gain::None;
    let rows = main.rows.clone();
    let name = format!("difference, {title}");
    let setting = Setting {
        look: &look,
        statistics: main.source.facts().amplitude.as_ref(),
        rows: &rows,
        keys: &[],
        name: &name,
    };
    // Pins and cursor are A's: its headers are shown beside.
    compare.difference.pins.clone_from(&main.section.pins);
    compare.difference.show(ui, setting);
    main.section.pins.clone_from(&compare.difference.pins);
    main.section.hit = compare.difference.hit.map(|hit| Hit {
        amplitude: main.section.stored_amplitude(hit.trace, hit.sample),
        ..hit
    });
    let window = compare.difference.window();
    if window != main.section.window() {
        main.section.follow(window);
    }
}

fn caption(ui: &mut Ui, text: &str) {
    ui.label(RichText::new(text).strong());
}
