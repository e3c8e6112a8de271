//! The table of all keys: one row an action.

use egui::{Key, Modifiers};

use super::{Shortcut, Where};
use crate::app::command::Action;

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

pub(super) const NONE: Modifiers = Modifiers::NONE;
const ALT: Modifiers = Modifiers::ALT;
pub(super) const SHIFT: Modifiers = Modifiers::SHIFT;
const CTRL: Modifiers = Modifiers::COMMAND;
const CTRL_SHIFT: Modifiers = Modifiers {
    shift: true,
    ..Modifiers::COMMAND
};

/// All keys.
#[rustfmt::skip]
pub(crate) const SHORTCUTS: &[Shortcut] = &[
    row(Where::Everywhere, Action::OpenFiles, CTRL, Key::O, "Ctrl+O", "Open files…"),
    row(Where::Everywhere, Action::OpenFolder, CTRL_SHIFT, Key::O, "Ctrl+Shift+O", "Open dataset folder…"),
    row(Where::Everywhere, Action::PastePath, CTRL, Key::L, "Ctrl+L", "Type or paste a path"),
    row(Where::Everywhere, Action::ShowStart, CTRL, Key::H, "Ctrl+H", "Start page"),
    row(Where::Everywhere, Action::ShowJobs, CTRL, Key::J, "Ctrl+J", "Jobs"),
    row(Where::Everywhere, Action::NextDocument, CTRL, Key::Tab, "Ctrl+Tab", "Next page"),
    row(Where::Everywhere, Action::CloseDocument, CTRL, Key::W, "Ctrl+W", "Close this page"),
    row(Where::Everywhere, Action::Export, CTRL, Key::E, "Ctrl+E", "Export as SEG-Y…"),
    row(Where::Everywhere, Action::ShowSettings, CTRL, Key::Comma, "Ctrl+,", "Settings…"),
    row(Where::Everywhere, Action::ToggleTheme, CTRL, Key::T, "Ctrl+T", "Theme: dark or light"),
    row(Where::Everywhere, Action::ShowPalette, CTRL, Key::K, "Ctrl+K", "All commands…"),
    row(Where::Everywhere, Action::ShowShortcuts, NONE, Key::Questionmark, "?", "These keys"),
    row(Where::Everywhere, Action::Escape, NONE, Key::Escape, "Esc", "Close what is open on top"),
    row(Where::Everywhere, Action::Quit, CTRL, Key::Q, "Ctrl+Q", "Quit"),
    row(Where::Viewer, Action::NextGather, NONE, Key::ArrowRight, "→", "Next gather"),
    row(Where::Viewer, Action::PreviousGather, NONE, Key::ArrowLeft, "←", "Previous gather"),
    row(Where::Viewer, Action::ForwardTen, SHIFT, Key::ArrowRight, "Shift+→", "Ten gathers on"),
    row(Where::Viewer, Action::BackTen, SHIFT, Key::ArrowLeft, "Shift+←", "Ten gathers back"),
    row(Where::Viewer, Action::FirstGather, NONE, Key::Home, "Home", "First gather"),
    row(Where::Viewer, Action::LastGather, NONE, Key::End, "End", "Last gather"),
    row(Where::Viewer, Action::GoTo, CTRL, Key::G, "Ctrl+G", "Go to a key value"),
    row(Where::Viewer, Action::WholeLine, NONE, Key::L, "L", "The whole line, or gathers again"),
    row(Where::Viewer, Action::CycleMode, NONE, Key::W, "W", "Density, wiggle, both"),
    row(Where::Viewer, Action::CycleColours, NONE, Key::C, "C", "Next colour table"),
    row(Where::Viewer, Action::ToggleAgc, NONE, Key::A, "A", "AGC on the screen, or none"),
    row(Where::Viewer, Action::ReverseColours, NONE, Key::R, "R", "Reverse the colours"),
    row(Where::Viewer, Action::Polarity, NONE, Key::P, "P", "Reverse the polarity"),
    row(Where::Viewer, Action::LowerClip, NONE, Key::OpenBracket, "[", "Lower clip: stronger picture"),
    row(Where::Viewer, Action::RaiseClip, NONE, Key::CloseBracket, "]", "Higher clip: weaker picture"),
    row(Where::Viewer, Action::AutomaticClip, NONE, Key::Num0, "0", "Automatic clip"),
    row(Where::Viewer, Action::Histogram, NONE, Key::G, "G", "Histogram of amplitudes, with the clip"),
    row(Where::Viewer, Action::TrueOffset, NONE, Key::O, "O", "Traces at their true offset, or evenly"),
    row(Where::Viewer, Action::ReverseTraces, NONE, Key::D, "D", "Traces from right to left"),
    row(Where::Viewer, Action::Compare, NONE, Key::B, "B", "Compare with another view, or close it"),
    row(Where::Viewer, Action::Flip, NONE, Key::Space, "Space", "Flip between both views"),
    row(Where::Viewer, Action::ResetView, CTRL, Key::R, "Ctrl+R", "Reset the view of this data"),
    row(Where::Viewer, Action::SavePicture, CTRL, Key::S, "Ctrl+S", "Save a picture…"),
    row(Where::Viewer, Action::CopyPicture, CTRL_SHIFT, Key::C, "Ctrl+Shift+C", "Copy the picture"),
    row(Where::Viewer, Action::Scale, NONE, Key::Z, "Z", "Traces per cm, cm per second…"),
    row(Where::Viewer, Action::ToggleSeparators, NONE, Key::X, "X", "Lines between gathers, along the line"),
    row(Where::Viewer, Action::Fit, NONE, Key::F, "F", "Show the whole gather"),
    row(Where::Viewer, Action::PreviousZoom, NONE, Key::Backspace, "Backspace", "Previous zoom"),
    row(Where::Viewer, Action::NextZoom, ALT, Key::ArrowRight, "Alt+→", "Next zoom"),
    row(Where::Viewer, Action::OneToOne, NONE, Key::Num1, "1", "One sample a pixel"),
    row(Where::Viewer, Action::ZoomIn, NONE, Key::Plus, "+", "Zoom in"),
    row(Where::Viewer, Action::ZoomOut, NONE, Key::Minus, "−", "Zoom out"),
    row(Where::Viewer, Action::PageTracesForward, NONE, Key::PageDown, "Page down", "Next page of traces"),
    row(Where::Viewer, Action::PageTracesBack, NONE, Key::PageUp, "Page up", "Previous page of traces"),
    row(Where::Viewer, Action::PanDown, NONE, Key::ArrowDown, "↓", "Later times"),
    row(Where::Viewer, Action::PanUp, NONE, Key::ArrowUp, "↑", "Earlier times"),
    row(Where::Viewer, Action::PinTrace, NONE, Key::K, "K", "Pin the trace at the cursor"),
    row(Where::Viewer, Action::ToggleStrips, NONE, Key::H, "H", "Headers plotted along the traces"),
    row(Where::Viewer, Action::ToggleSpectrum, NONE, Key::S, "S", "Spectrum of window or box"),
    row(Where::Viewer, Action::ToggleTable, NONE, Key::E, "E", "Table of trace headers"),
    row(Where::Viewer, Action::ToggleMap, NONE, Key::M, "M", "Map of sources and receivers"),
    row(Where::Viewer, Action::ToggleFileHeaders, NONE, Key::T, "T", "Textual and binary headers"),
    row(Where::Viewer, Action::ToggleNavigator, NONE, Key::N, "N", "Show or hide the navigator"),
    row(Where::Viewer, Action::ToggleInspector, NONE, Key::I, "I", "Show or hide the trace headers"),
];

/// Second keys.
pub(super) const ALSO: &[(Action, Modifiers, Key, &str)] = &[
    (Action::PreviousZoom, ALT, Key::ArrowLeft, "Alt+←"),
    (Action::ShowPalette, CTRL, Key::P, "Ctrl+P"),
];
