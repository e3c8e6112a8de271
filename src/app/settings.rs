//! What is kept between runs? Recent files, theme, and how sections are drawn.
//!
//! Stored as one JSON text; whatever is missing or broken falls back to its default.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::section::Look;
use super::viewer::ReadingSettings;

/// Under which eframe keeps the text.
pub(crate) const STORAGE_KEY: &str = "shotpoint_settings";
/// Recent files kept.
const RECENT_KEPT: usize = 12;

/// 96 points an inch, as desktops take them for.
pub(crate) const USUAL_POINTS_PER_CM: f32 = 96.0 / 2.54;

/// Dark, light, or as the desktop says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ThemeChoice {
    #[default]
    System,
    Dark,
    Light,
}

impl ThemeChoice {
    pub(crate) const ALL: [Self; 3] = [Self::System, Self::Dark, Self::Light];

    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::System => "Same as the desktop",
            Self::Dark => "Dark",
            Self::Light => "Light",
        }
    }

    pub(crate) fn preference(self) -> egui::ThemePreference {
        match self {
            Self::System => egui::ThemePreference::System,
            Self::Dark => egui::ThemePreference::Dark,
            Self::Light => egui::ThemePreference::Light,
        }
    }
}

/// Who paints sections.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum PainterChoice {
    /// The graphics card, where there is one.
    #[default]
    Automatic,
    Gpu,
    Processor,
}

impl PainterChoice {
    pub(crate) const ALL: [Self; 3] = [Self::Automatic, Self::Gpu, Self::Processor];

    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Automatic => "Automatic",
            Self::Gpu => "Graphics card",
            Self::Processor => "Processor",
        }
    }
}

/// What lies at a path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    #[default]
    Segy,
    Dataset,
}

/// A file or dataset that was opened before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Recent {
    pub(crate) path: PathBuf,
    pub(crate) kind: Kind,
    pub(crate) size_bytes: u64,
    /// For datasets.
    pub(crate) n_traces: Option<u64>,
    pub(crate) opened_unix_secs: u64,
}

/// All that is kept.
#[expect(clippy::struct_excessive_bools, reason = "switches, each of its own")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Settings {
    pub(crate) theme: ThemeChoice,
    pub(crate) recent: Vec<Recent>,
    pub(crate) look: Look,
    pub(crate) inspector_open: bool,
    pub(crate) navigator_open: bool,
    /// Panels of the viewer: spectrum, table, map, strips.
    pub(crate) reading: ReadingSettings,
    pub(crate) preview_traces: u64,
    pub(crate) cache_mib: usize,
    pub(crate) painter: PainterChoice,
    /// What an import may take, in MiB.
    pub(crate) import_memory_mib: u32,
    /// Threads of an import; 0: as many as there are processors.
    pub(crate) import_threads: u32,
    /// Read every new dataset back.
    pub(crate) verify_imports: bool,
    /// The wheel moves the picture, Ctrl with it zooms: for trackpads.
    pub(crate) wheel_scrolls: bool,
    /// Of this screen, for scales: points that a ruler measures as a centimetre.
    pub(crate) points_per_cm: f32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: ThemeChoice::default(),
            recent: Vec::new(),
            look: Look::default(),
            inspector_open: true,
            navigator_open: true,
            reading: ReadingSettings::default(),
            preview_traces: 200,
            cache_mib: 512,
            painter: PainterChoice::default(),
            import_memory_mib: 256,
            import_threads: 0,
            verify_imports: false,
            wheel_scrolls: false,
            points_per_cm: USUAL_POINTS_PER_CM,
        }
    }
}

impl Settings {
    /// From the stored text; the flag says whether it was there but could not be read.
    pub(crate) fn load(text: Option<&str>) -> (Self, bool) {
        let Some(text) = text else {
            return (Self::default(), false);
        };
        serde_json::from_str(text).map_or_else(|_| (Self::default(), true), |s: Self| (s, false))
    }

    /// The text to store.
    pub(crate) fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Puts an entry first; one that was there before moves up.
    pub(crate) fn remember(&mut self, entry: Recent) {
        self.recent.retain(|r| r.path != entry.path);
        self.recent.insert(0, entry);
        self.recent.truncate(RECENT_KEPT);
    }

    /// Removes an entry.
    pub(crate) fn forget(&mut self, path: &Path) {
        self.recent.retain(|r| r.path != path);
    }
}

/// Seconds since 1970.
pub(crate) fn now_unix_secs() -> u64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |d| d.as_secs())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn settings_survive_a_round_trip_and_older_versions() {
        let mut settings = Settings {
            theme: ThemeChoice::Light,
            ..Settings::default()
        };
        settings.remember(Recent {
            path: "/a.sgy".into(),
            ..Recent::default()
        });
        assert_eq!(Settings::load(Some(&settings.to_text())), (settings, false));
        let (old, broken) = Settings::load(Some(r#"{"theme":"dark"}"#));
        assert!(!broken && old.theme == ThemeChoice::Dark && old.preview_traces == 200);
        assert!(Settings::load(Some("no JSON")).1);
    }

    #[test]
    fn a_file_opened_again_moves_to_the_top() {
        let mut settings = Settings::default();
        for i in 0..20 {
            settings.remember(Recent {
                path: format!("/{i}").into(),
                ..Recent::default()
            });
        }
        assert_eq!(settings.recent.len(), RECENT_KEPT);
        settings.remember(Recent {
            path: "/15".into(),
            ..Recent::default()
        });
        assert_eq!(settings.recent.first().unwrap().path, Path::new("/15"));
        assert_eq!(settings.recent.len(), RECENT_KEPT);
    }
}
