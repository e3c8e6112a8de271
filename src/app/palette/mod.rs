//! The command palette: everything that the window can do, by its name.

mod fuzzy;
mod items;

pub(crate) use items::items;

use egui::{Align, Button, Id, Key, Layout, Modal, Modifiers, RichText, ScrollArea, TextEdit, Ui};

use super::command::{Command, Commands};
use super::{theme, widgets};

/// Height of the list at most.
const LIST_POINTS: f32 = 380.0;

/// One command.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) label: String,
    pub(crate) keys: String,
    pub(crate) command: Command,
    /// Why it cannot be done here.
    pub(crate) why_not: Option<&'static str>,
}

/// What is typed and chosen.
#[derive(Debug)]
pub(crate) struct Palette {
    items: Vec<Item>,
    query: String,
    /// Among those that fit.
    chosen: usize,
    is_new: bool,
}

impl Palette {
    pub(crate) fn new(items: Vec<Item>) -> Self {
        Self {
            items,
            query: String::new(),
            chosen: 0,
            is_new: true,
        }
    }

    /// Those that fit, the best first; what cannot be done comes last.
    fn fitting(&self) -> Vec<&Item> {
        let mut found: Vec<(i32, &Item)> = self
            .items
            .iter()
            .filter_map(|item| Some((fuzzy::score(&self.query, &item.label)?, item)))
            .collect();
        found.sort_by_key(|(score, item)| (item.why_not.is_some(), -score));
        found.into_iter().map(|(_, item)| item).collect()
    }
}

/// Draws the palette.
pub(crate) fn show(ctx: &egui::Context, palette: &mut Palette, commands: &mut Commands) {
    let modal = Modal::new(Id::unique("palette"))
        .frame(egui::Frame::window(&ctx.global_style()).inner_margin(12.0))
        .show(ctx, |ui| {
            ui.set_width(560.0);
            let entered = search(ui, palette);
            ui.add_space(6.0);
            let chosen = results(ui, palette, entered);
            if let Some(command) = chosen {
                // Closed first: the command may open something else on top.
                commands.push(Command::StayOpen);
                commands.push(command);
            }
        });
    if modal.should_close() {
        commands.push(Command::StayOpen);
    }
}

/// The box; whether Enter was pressed.
fn search(ui: &mut Ui, palette: &mut Palette) -> bool {
    // Before the box takes them.
    let (up, down, enter) = ui.input_mut(|i| {
        (
            i.consume_key(Modifiers::NONE, Key::ArrowUp),
            i.consume_key(Modifiers::NONE, Key::ArrowDown),
            i.consume_key(Modifiers::NONE, Key::Enter),
        )
    });
    let edit = TextEdit::singleline(&mut palette.query)
        .id(Id::unique("palette search"))
        .hint_text("Search commands: polarity, go to, theme…")
        .desired_width(f32::INFINITY);
    let response = ui.add(edit);
    widgets::name_field(&response, "Search commands");
    if std::mem::take(&mut palette.is_new) {
        response.request_focus();
    }
    if response.changed() {
        palette.chosen = 0;
    }
    let last = palette.fitting().len().saturating_sub(1);
    if down {
        palette.chosen = (palette.chosen + 1).min(last);
    }
    if up {
        palette.chosen = palette.chosen.saturating_sub(1);
    }
    palette.chosen = palette.chosen.min(last);
    enter
}

/// The list; gives what was chosen.
fn results(ui: &mut Ui, palette: &Palette, entered: bool) -> Option<Command> {
    let fitting = palette.fitting();
    if fitting.is_empty() {
        widgets::weak(ui, "No command has a name like that.");
        return None;
    }
    let mut run = None;
    ScrollArea::vertical()
        .max_height(LIST_POINTS)
        // A window as large as what is in it offers no height by itself.
        .min_scrolled_height(LIST_POINTS)
        .auto_shrink([false, true])
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 1.0;
            for (i, item) in fitting.iter().enumerate() {
                let chosen = i == palette.chosen;
                let response = row(ui, item, chosen);
                if chosen && ui.input(|i| !i.events.is_empty()) {
                    response.scroll_to_me(None);
                }
                let enter = chosen && entered;
                if (response.clicked() || enter) && item.why_not.is_none() {
                    run = Some(item.command.clone());
                }
            }
        });
    run
}

fn row(ui: &mut Ui, item: &Item, chosen: bool) -> egui::Response {
    let p = theme::palette(ui);
    let mut response = None;
    ui.with_layout(Layout::top_down_justified(Align::LEFT), |ui| {
        let mut keys = RichText::new(&item.keys).monospace().small();
        if !chosen {
            keys = keys.color(p.weak);
        }
        let button = Button::selectable(chosen, item.label.as_str())
            .right_text(keys)
            .min_size(egui::Vec2::new(0.0, 26.0));
        let enabled = item.why_not.is_none();
        let mut added = ui.add_enabled(enabled, button);
        if let Some(why) = item.why_not {
            added = added.on_disabled_hover_text(why);
        }
        response = Some(added);
    });
    response.unwrap_or_else(|| ui.response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::command::Action;

    fn item(label: &str, why_not: Option<&'static str>) -> Item {
        Item {
            label: label.to_owned(),
            keys: String::new(),
            command: Command::Act(Action::Fit),
            why_not,
        }
    }

    #[test]
    fn what_cannot_be_done_is_listed_after_what_can() {
        let mut palette = Palette::new(vec![
            item("Next zoom", Some("open something")),
            item("Next page with zoom", None),
            item("Quit", None),
        ]);
        "next".clone_into(&mut palette.query);
        let found: Vec<&str> = palette.fitting().iter().map(|i| i.label.as_str()).collect();
        assert_eq!(found, ["Next page with zoom", "Next zoom"]);
    }
}
