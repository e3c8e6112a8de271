//! The window: state, commands, panels.

use std::path::PathBuf;

/// How to open the window.
#[derive(Clone, Debug, Default)]
pub struct Launch {
    /// Files and datasets to open at once.
    pub paths: Vec<PathBuf>,
    /// Forget settings and recent files.
    pub reset_settings: bool,
    /// Use native Wayland although X11 is there; files cannot be dropped then.
    pub wayland: bool,
}

/// Opens the window and returns when it is closed.
///
/// # Errors
/// A sentence, when there is no display or no way to draw.
pub fn run(launch: Launch) -> Result<(), String> {
    let _ = launch;
    todo!()
}

/// Whether this session seems to have a display at all.
pub fn has_display() -> bool {
    todo!()
}
