//! Which keys do what? One table for keys, menus, tooltips and the overlay.

mod overlay;
mod table;

pub(crate) use overlay::show as overlay;
pub(crate) use table::SHORTCUTS;

use egui::{Key, Modifiers};

use super::command::{Action, Command, Commands};
use table::ALSO;

/// Where a key works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Where {
    Everywhere,
    Viewer,
}

/// What the keys go to now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Focus {
    /// A dialog over the page: what lies behind it must not move.
    Dialog,
    /// The list of commands; its own key closes it again.
    Palette,
    Page,
    Viewer,
}

impl Focus {
    fn reaches(self, shortcut: &Shortcut) -> bool {
        match self {
            Self::Dialog => matches!(shortcut.action, Action::Escape | Action::Quit),
            Self::Palette => matches!(
                shortcut.action,
                Action::Escape | Action::Quit | Action::ShowPalette
            ),
            Self::Page => shortcut.place == Where::Everywhere,
            Self::Viewer => true,
        }
    }
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shortcut {
    pub(crate) action: Action,
    pub(crate) place: Where,
    pub(crate) modifiers: Modifiers,
    pub(crate) key: Key,
    pub(crate) keys: &'static str,
    pub(crate) label: &'static str,
}

/// All keys of an action, for the overlay: "Backspace, Alt+←".
pub(crate) fn all_keys_of(shortcut: &Shortcut) -> String {
    let also = ALSO
        .iter()
        .filter(|(action, ..)| *action == shortcut.action);
    let mut keys = shortcut.keys.to_owned();
    for (.., more) in also {
        keys = format!("{keys}, {more}");
    }
    keys
}

/// The keys of an action, for menus and tooltips.
pub(crate) fn keys_of(action: Action) -> &'static str {
    SHORTCUTS
        .iter()
        .find(|s| s.action == action)
        .map_or("", |s| s.keys)
}

/// Queues the actions of the keys that were pressed. Nothing while text is being typed, but Escape.
pub(crate) fn read_keys(ctx: &egui::Context, focus: Focus, commands: &mut Commands) {
    let typing = ctx.text_edit_focused();
    let pressed: Vec<(Key, Modifiers)> = ctx.input(|input| {
        let mut held = input.modifiers;
        input
            .events
            .iter()
            .filter_map(|event| {
                // The keys for copying arrive as what they mean; without Shift it is text.
                if let egui::Event::ModifiersChanged(modifiers) = event {
                    held = *modifiers;
                }
                if let egui::Event::Copy = event {
                    return held.shift.then_some((Key::C, held));
                }
                let egui::Event::Key {
                    key,
                    pressed,
                    modifiers,
                    ..
                } = event
                else {
                    return None;
                };
                // Space flips when it is let go: held, it moves the picture with the mouse.
                let counts = if *key == Key::Space {
                    !pressed && !input.pointer.any_down()
                } else {
                    *pressed
                };
                counts.then_some((*key, *modifiers))
            })
            .collect()
    });
    for (key, modifiers) in pressed {
        for shortcut in SHORTCUTS {
            let here = focus.reaches(shortcut);
            let allowed = !typing || shortcut.modifiers.command;
            if here && allowed && fits(shortcut, key, modifiers) {
                commands.act(shortcut.action);
            }
        }
        for (action, with, also, _) in ALSO {
            let first = SHORTCUTS.iter().find(|s| s.action == *action);
            let here = first.is_some_and(|s| focus.reaches(s));
            let exact = modifiers.command == with.command
                && modifiers.alt == with.alt
                && modifiers.shift == with.shift;
            if here && exact && key == *also && (!typing || with.command) {
                commands.act(*action);
            }
        }
    }
}

fn fits(shortcut: &Shortcut, key: Key, modifiers: Modifiers) -> bool {
    // "?" and "+" are typed with Shift on many keyboards; "=" is the same key as "+" on some.
    let shifted = matches!(shortcut.key, Key::Questionmark | Key::Plus);
    let same_key = key == shortcut.key || (shortcut.key == Key::Plus && key == Key::Equals);
    same_key
        && modifiers.command == shortcut.modifiers.command
        && modifiers.alt == shortcut.modifiers.alt
        && (shifted || modifiers.shift == shortcut.modifiers.shift)
}

/// A menu entry with its keys at the right.
pub(crate) fn menu_entry(
    ui: &mut egui::Ui,
    action: Action,
    enabled: bool,
    commands: &mut Commands,
) {
    if entry(ui, action, enabled) {
        commands.push(Command::Act(action));
        ui.close();
    }
}

/// A menu entry; whether it was clicked.
pub(crate) fn entry(ui: &mut egui::Ui, action: Action, enabled: bool) -> bool {
    let Some(shortcut) = SHORTCUTS.iter().find(|s| s.action == action) else {
        return false;
    };
    let button = egui::Button::new(shortcut.label).shortcut_text(shortcut.keys);
    ui.add_enabled(enabled, button).clicked()
}

#[cfg(test)]
mod tests {
    use super::table::{NONE, SHIFT};
    use super::*;

    #[test]
    fn no_key_does_two_things() {
        for (i, a) in SHORTCUTS.iter().enumerate() {
            for b in SHORTCUTS.iter().skip(i + 1) {
                assert!(
                    a.key != b.key || a.modifiers != b.modifiers,
                    "{} is both \"{}\" and \"{}\"",
                    a.keys,
                    a.label,
                    b.label
                );
                assert!(a.action != b.action, "{:?} has two keys", a.action);
            }
        }
    }

    #[test]
    fn behind_a_dialog_no_key_moves_anything() {
        let reached = |focus: Focus| SHORTCUTS.iter().filter(|s| focus.reaches(s)).count();
        assert_eq!(reached(Focus::Dialog), 2, "only Esc and Ctrl+Q");
        assert!(reached(Focus::Page) < reached(Focus::Viewer));
        assert_eq!(reached(Focus::Viewer), SHORTCUTS.len());
    }

    #[test]
    fn a_key_with_shift_is_another_key() {
        let next = SHORTCUTS
            .iter()
            .find(|s| s.action == Action::NextGather)
            .copied();
        assert!(next.is_some_and(|s| fits(&s, Key::ArrowRight, NONE)));
        assert!(next.is_some_and(|s| !fits(&s, Key::ArrowRight, SHIFT)));
        let help = SHORTCUTS
            .iter()
            .find(|s| s.action == Action::ShowShortcuts)
            .copied();
        assert!(help.is_some_and(|s| fits(&s, Key::Questionmark, SHIFT)));
    }
}
