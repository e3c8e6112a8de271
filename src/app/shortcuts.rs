//! Which keys do what? One table for keys, menus, tooltips and the overlay.

mod overlay;

pub(crate) use overlay::show as overlay;

use egui::{Key, Modifiers};

use super::command::{Action, Command, Commands};

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

const fn row(
    place: Where,
    action: Action,
    modifiers: Modifiers,
    key: Key,
    keys: &'static str,
    label: &'static str,
) -> Shortcut {
    Shortcut {
        action,
        place,
        modifiers,
        key,
        keys,
        label,
    }
}

const NONE: Modifiers = Modifiers::NONE;
const ALT: Modifiers = Modifiers::ALT;
const SHIFT: Modifiers = Modifiers::SHIFT;
const CTRL: Modifiers = Modifiers::COMMAND;
const CTRL_SHIFT: Modifiers = Modifiers {
    shift: true,
    ..Modifiers::COMMAND
};

/// All keys.
pub(crate) const SHORTCUTS: &[Shortcut] = &[
    row(
        Where::Everywhere,
        Action::OpenFiles,
        CTRL,
        Key::O,
        "Ctrl+O",
        "Open files…",
    ),
    row(
        Where::Everywhere,
        Action::OpenFolder,
        CTRL_SHIFT,
        Key::O,
        "Ctrl+Shift+O",
        "Open dataset folder…",
    ),
    row(
        Where::Everywhere,
        Action::PastePath,
        CTRL,
        Key::L,
        "Ctrl+L",
        "Type or paste a path",
    ),
    row(
        Where::Everywhere,
        Action::ShowStart,
        CTRL,
        Key::H,
        "Ctrl+H",
        "Start page",
    ),
    row(
        Where::Everywhere,
        Action::ShowJobs,
        CTRL,
        Key::J,
        "Ctrl+J",
        "Jobs",
    ),
    row(
        Where::Everywhere,
        Action::NextDocument,
        CTRL,
        Key::Tab,
        "Ctrl+Tab",
        "Next page",
    ),
    row(
        Where::Everywhere,
        Action::CloseDocument,
        CTRL,
        Key::W,
        "Ctrl+W",
        "Close this page",
    ),
    row(
        Where::Everywhere,
        Action::Export,
        CTRL,
        Key::E,
        "Ctrl+E",
        "Export as SEG-Y…",
    ),
    row(
        Where::Everywhere,
        Action::ShowSettings,
        CTRL,
        Key::Comma,
        "Ctrl+,",
        "Settings…",
    ),
    row(
        Where::Everywhere,
        Action::ToggleTheme,
        CTRL,
        Key::T,
        "Ctrl+T",
        "Theme: dark or light",
    ),
    row(
        Where::Everywhere,
        Action::ShowPalette,
        CTRL,
        Key::K,
        "Ctrl+K",
        "All commands…",
    ),
    row(
        Where::Everywhere,
        Action::ShowShortcuts,
        NONE,
        Key::Questionmark,
        "?",
        "These keys",
    ),
    row(
        Where::Everywhere,
        Action::Escape,
        NONE,
        Key::Escape,
        "Esc",
        "Close what is open on top",
    ),
    row(
        Where::Everywhere,
        Action::Quit,
        CTRL,
        Key::Q,
        "Ctrl+Q",
        "Quit",
    ),
    row(
        Where::Viewer,
        Action::NextGather,
        NONE,
        Key::ArrowRight,
        "→",
        "Next gather",
    ),
    row(
        Where::Viewer,
        Action::PreviousGather,
        NONE,
        Key::ArrowLeft,
        "←",
        "Previous gather",
    ),
    row(
        Where::Viewer,
        Action::ForwardTen,
        SHIFT,
        Key::ArrowRight,
        "Shift+→",
        "Ten gathers on",
    ),
    row(
        Where::Viewer,
        Action::BackTen,
        SHIFT,
        Key::ArrowLeft,
        "Shift+←",
        "Ten gathers back",
    ),
    row(
        Where::Viewer,
        Action::FirstGather,
        NONE,
        Key::Home,
        "Home",
        "First gather",
    ),
    row(
        Where::Viewer,
        Action::LastGather,
        NONE,
        Key::End,
        "End",
        "Last gather",
    ),
    row(
        Where::Viewer,
        Action::GoTo,
        CTRL,
        Key::G,
        "Ctrl+G",
        "Go to a key value",
    ),
    row(
        Where::Viewer,
        Action::WholeLine,
        NONE,
        Key::L,
        "L",
        "The whole line, or gathers again",
    ),
    row(
        Where::Viewer,
        Action::CycleMode,
        NONE,
        Key::W,
        "W",
        "Density, wiggle, both",
    ),
    row(
        Where::Viewer,
        Action::CycleColours,
        NONE,
        Key::C,
        "C",
        "Next colour table",
    ),
    row(
        Where::Viewer,
        Action::ToggleAgc,
        NONE,
        Key::A,
        "A",
        "AGC on the screen, or none",
    ),
    row(
        Where::Viewer,
        Action::ReverseColours,
        NONE,
        Key::R,
        "R",
        "Reverse the colours",
    ),
    row(
        Where::Viewer,
        Action::Polarity,
        NONE,
        Key::P,
        "P",
        "Reverse the polarity",
    ),
    row(
        Where::Viewer,
        Action::LowerClip,
        NONE,
        Key::OpenBracket,
        "[",
        "Lower clip: stronger picture",
    ),
    row(
        Where::Viewer,
        Action::RaiseClip,
        NONE,
        Key::CloseBracket,
        "]",
        "Higher clip: weaker picture",
    ),
    row(
        Where::Viewer,
        Action::AutomaticClip,
        NONE,
        Key::Num0,
        "0",
        "Automatic clip",
    ),
    row(
        Where::Viewer,
        Action::Histogram,
        NONE,
        Key::G,
        "G",
        "Histogram of amplitudes, with the clip",
    ),
    row(
        Where::Viewer,
        Action::TrueOffset,
        NONE,
        Key::O,
        "O",
        "Traces at their true offset, or evenly",
    ),
    row(
        Where::Viewer,
        Action::ReverseTraces,
        NONE,
        Key::D,
        "D",
        "Traces from right to left",
    ),
    row(
        Where::Viewer,
        Action::Compare,
        NONE,
        Key::B,
        "B",
        "Compare with another view, or close it",
    ),
    row(
        Where::Viewer,
        Action::Flip,
        NONE,
        Key::Space,
        "Space",
        "Flip between both views",
    ),
    row(
        Where::Viewer,
        Action::ResetView,
        CTRL,
        Key::R,
        "Ctrl+R",
        "Reset the view of this data",
    ),
    row(
        Where::Viewer,
        Action::SavePicture,
        CTRL,
        Key::S,
        "Ctrl+S",
        "Save a picture…",
    ),
    row(
        Where::Viewer,
        Action::Fit,
        NONE,
        Key::F,
        "F",
        "Show the whole gather",
    ),
    row(
        Where::Viewer,
        Action::PreviousZoom,
        NONE,
        Key::Backspace,
        "Backspace",
        "Previous zoom",
    ),
    row(
        Where::Viewer,
        Action::NextZoom,
        ALT,
        Key::ArrowRight,
        "Alt+→",
        "Next zoom",
    ),
    row(
        Where::Viewer,
        Action::OneToOne,
        NONE,
        Key::Num1,
        "1",
        "One sample a pixel",
    ),
    row(
        Where::Viewer,
        Action::ZoomIn,
        NONE,
        Key::Plus,
        "+",
        "Zoom in",
    ),
    row(
        Where::Viewer,
        Action::ZoomOut,
        NONE,
        Key::Minus,
        "−",
        "Zoom out",
    ),
    row(
        Where::Viewer,
        Action::PageTracesForward,
        NONE,
        Key::PageDown,
        "Page down",
        "Next page of traces",
    ),
    row(
        Where::Viewer,
        Action::PageTracesBack,
        NONE,
        Key::PageUp,
        "Page up",
        "Previous page of traces",
    ),
    row(
        Where::Viewer,
        Action::PanDown,
        NONE,
        Key::ArrowDown,
        "↓",
        "Later times",
    ),
    row(
        Where::Viewer,
        Action::PanUp,
        NONE,
        Key::ArrowUp,
        "↑",
        "Earlier times",
    ),
    row(
        Where::Viewer,
        Action::PinTrace,
        NONE,
        Key::K,
        "K",
        "Pin the trace at the cursor",
    ),
    row(
        Where::Viewer,
        Action::ToggleStrips,
        NONE,
        Key::H,
        "H",
        "Headers plotted along the traces",
    ),
    row(
        Where::Viewer,
        Action::ToggleSpectrum,
        NONE,
        Key::S,
        "S",
        "Spectrum of window or box",
    ),
    row(
        Where::Viewer,
        Action::ToggleTable,
        NONE,
        Key::E,
        "E",
        "Table of trace headers",
    ),
    row(
        Where::Viewer,
        Action::ToggleMap,
        NONE,
        Key::M,
        "M",
        "Map of sources and receivers",
    ),
    row(
        Where::Viewer,
        Action::ToggleFileHeaders,
        NONE,
        Key::T,
        "T",
        "Textual and binary headers",
    ),
    row(
        Where::Viewer,
        Action::ToggleNavigator,
        NONE,
        Key::N,
        "N",
        "Show or hide the navigator",
    ),
    row(
        Where::Viewer,
        Action::ToggleInspector,
        NONE,
        Key::I,
        "I",
        "Show or hide the trace headers",
    ),
];

/// Second keys.
const ALSO: &[(Action, Modifiers, Key, &str)] = &[
    (Action::PreviousZoom, ALT, Key::ArrowLeft, "Alt+←"),
    (Action::ShowPalette, CTRL, Key::P, "Ctrl+P"),
];

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
        input
            .events
            .iter()
            .filter_map(|event| {
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
