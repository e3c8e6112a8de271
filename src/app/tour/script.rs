//! What does a tour do? A list of acts, read from a JSON file.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::view::DisplayMode;

/// All acts, in order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Script {
    /// Memory for gathers and tiles; `None`: as in the settings.
    pub(crate) cache_mib: Option<usize>,
    /// Who paints; `None`: as in the settings.
    pub(crate) painter: Option<super::PainterChoice>,
    pub(crate) acts: Vec<Act>,
}

/// One act.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Act {
    /// Until the first picture of the file that was opened is there.
    Open,
    /// To the next gather, each time its picture is there; so often.
    Step { count: u64 },
    /// To the next gather in every frame, as with a key held down.
    Hold { frames: u64 },
    /// From gathers to the whole line, or back.
    ToggleLine,
    /// Sideways by this part of the picture in every frame.
    Pan { frames: u64, dx: f64 },
    /// About the middle, in every frame.
    Zoom { frames: u64, x: f64, y: f64 },
    /// All of it.
    Fit,
    /// Less and more clip, in every frame.
    Gain { frames: u64 },
    /// Another way of drawing.
    Mode { mode: DisplayMode },
    /// Anything, in every frame; the same at every run. The memory is noted on the way.
    Walk { steps: u64, seed: u64 },
    /// Nothing at all: the window should not draw.
    Idle { seconds: f64 },
    /// Nothing, until somebody outside has made a picture of the screen.
    Pause { seconds: f64 },
    /// Both painters draw the same pictures, and these are compared.
    ComparePainters,
}

impl Act {
    /// As it stands in the report.
    pub(super) fn name(&self) -> String {
        let value = serde_json::to_value(self).unwrap_or_default();
        let name = value.get("act").and_then(|name| name.as_str());
        name.unwrap_or("act").to_owned()
    }
}

/// Reads a script.
///
/// # Errors
/// A sentence.
pub(super) fn read(path: &Path) -> Result<Script, String> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("The tour cannot be read: {error}: {}", path.display()))?;
    serde_json::from_str(&text)
        .map_err(|error| format!("The tour is not understood: {error}: {}", path.display()))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_script_is_read_as_written() {
        let text = r#"{"cache_mib": 64, "acts": [{"act": "open"}, {"act": "step", "count": 3},
            {"act": "mode", "mode": "wiggle"}]}"#;
        let script: Script = serde_json::from_str(text).unwrap();
        assert_eq!(script.cache_mib, Some(64));
        assert_eq!(script.acts[1], Act::Step { count: 3 });
        assert_eq!(script.acts[1].name(), "step");
        assert!(serde_json::from_str::<Script>(r#"{"act": []}"#).is_err());
    }
}
