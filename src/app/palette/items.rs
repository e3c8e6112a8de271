//! Which commands are there? Every key's, and the choices that have no key of their own.

use super::Item;
use crate::app::command::{Action, Command};
use crate::app::numbers;
use crate::app::settings::{Settings, ThemeChoice};
use crate::app::shortcuts::{SHORTCUTS, Where, all_keys_of};
use crate::app::state::{DocumentId, State};
use crate::app::viewer::{LookChange, ViewerCommand};
use crate::view::{COLOUR_TABLES, DisplayMode, Gain};

/// All commands, as far as they can be done with what is on the screen.
pub(crate) fn items(state: &State, settings: &Settings) -> Vec<Item> {
    let viewer = state.shown_viewer();
    let mut items: Vec<Item> = SHORTCUTS
        .iter()
        .filter(|s| s.action != Action::ShowPalette && s.action != Action::Escape)
        .map(|shortcut| Item {
            label: shortcut.label.to_owned(),
            keys: all_keys_of(shortcut),
            command: Command::Act(shortcut.action),
            why_not: why_not(shortcut.action, shortcut.place, state),
        })
        .collect();
    items.extend(ThemeChoice::ALL.map(|choice| {
        let label = format!("Theme: {}", choice.label().to_lowercase());
        plain(label, Command::SetTheme(choice))
    }));
    if let Some(id) = viewer {
        items.extend(looks(id));
    }
    items.extend(settings.recent.iter().map(|recent| {
        let label = format!(
            "Open {}",
            numbers::elide(&numbers::file_name(&recent.path), 44)
        );
        plain(label, Command::Open(vec![recent.path.clone()]))
    }));
    items
}

fn plain(label: String, command: Command) -> Item {
    Item {
        label,
        keys: String::new(),
        command,
        why_not: None,
    }
}

fn why_not(action: Action, place: Where, state: &State) -> Option<&'static str> {
    if place == Where::Viewer || action == Action::SavePicture {
        return state
            .shown_viewer()
            .is_none()
            .then_some("Works where traces are browsed: open a file or dataset first");
    }
    (action == Action::Export && state.shown_dataset().is_none())
        .then_some("Works on an imported dataset")
}

/// Modes, colour tables and gains by name.
fn looks(id: DocumentId) -> Vec<Item> {
    let item = |label: String, change: LookChange| {
        plain(
            label,
            Command::Viewer(id, ViewerCommand::ChangeLook(change)),
        )
    };
    let modes = DisplayMode::ALL
        .map(|mode| item(format!("Display: {}", mode.label()), LookChange::Mode(mode)));
    let tables = COLOUR_TABLES.iter().map(|table| {
        let change = LookChange::ColourTable(table.name.to_owned());
        item(format!("Colours: {}", table.name), change)
    });
    let gains =
        Gain::ALL.map(|gain| item(format!("Gain: {}", gain.label()), LookChange::Gain(gain)));
    modes.into_iter().chain(tables).chain(gains).collect()
}
