//! Reading a section: pinned traces, spectra, header strips, the table of headers, the map, file headers.
//!
//! ```text
//! inspector ◄─ pins ── section ──► strips          each panel asks a thread; the newest request wins
//!     dock: spectrum │ table │ map                  a row or a point clicked = that trace is shown
//! ```

pub(crate) mod chart;
mod column_choice;
mod dock;
mod file_headers;
mod map;
mod map_picture;
mod pins;
mod pins_view;
mod spectrum;
mod strips;
mod table;
mod table_rows;
mod table_view;
mod task;
mod units;

pub(crate) use dock::show as show_dock;
pub(crate) use file_headers::show as show_file_headers;
pub(crate) use pins_view::show as show_pins;
pub(crate) use strips::{height as strips_height, show as show_strips};

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::app::command::Action;
use crate::app::section::Section;
use crate::app::workers::Workers;
use crate::browse::{FileHeaders, TraceSource};

/// Asks for a repaint from any thread.
pub(crate) type Waker = Arc<dyn Fn() + Send + Sync>;

/// Which panels are open and what they show; kept between runs.
#[expect(
    clippy::struct_excessive_bools,
    reason = "choices of the user, each of its own"
)]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct ReadingSettings {
    pub(crate) spectrum: bool,
    pub(crate) table: bool,
    pub(crate) map: bool,
    pub(crate) strips: bool,
    /// Headers that the readout names besides the rows on top.
    pub(crate) readout: Vec<String>,
    /// Plotted along the traces, the first on top.
    pub(crate) strip_columns: Vec<String>,
    /// Of the table; empty: the common ones.
    pub(crate) table_columns: Vec<String>,
    pub(crate) decibels: bool,
    pub(crate) spread: bool,
    /// What the inspector shows of pinned traces.
    pub(crate) pinned_headers: bool,
    pub(crate) pinned_wiggle: bool,
    pub(crate) pinned_spectrum: bool,
}

impl Default for ReadingSettings {
    fn default() -> Self {
        Self {
            spectrum: false,
            table: false,
            map: false,
            strips: false,
            readout: Vec::new(),
            strip_columns: Vec::new(),
            table_columns: Vec::new(),
            decibels: true,
            spread: true,
            pinned_headers: true,
            pinned_wiggle: true,
            pinned_spectrum: true,
        }
    }
}

impl ReadingSettings {
    /// Whether the dock has anything to show.
    pub(crate) fn has_dock(&self) -> bool {
        self.spectrum || self.table || self.map
    }

    /// Opens or closes a panel, if the action is about one.
    pub(crate) fn act(&mut self, action: Action) -> bool {
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "all other actions are somebody else's"
        )]
        let panel = match action {
            Action::ToggleSpectrum => &mut self.spectrum,
            Action::ToggleTable => &mut self.table,
            Action::ToggleMap => &mut self.map,
            Action::ToggleStrips => &mut self.strips,
            _ => return false,
        };
        *panel = !*panel;
        true
    }
}

/// What the panels know.
pub(crate) struct Reading {
    pub(crate) pins: pins::Pins,
    pub(crate) spectrum: spectrum::SpectrumPanel,
    pub(crate) strips: strips::Strips,
    pub(crate) table: table::HeaderTable,
    pub(crate) map: map::MapPanel,
    pub(crate) file: file_headers::FileHeadersWindow,
    /// Panels that were open when the dock was last drawn, and the one on top where not all fit.
    docked: Vec<dock::Pane>,
    on_top: dock::Pane,
}

impl Reading {
    pub(crate) fn new(source: &Arc<dyn TraceSource>, workers: &Workers) -> Self {
        let waker: Waker = Arc::new(workers.waker());
        Self {
            pins: pins::Pins::new(source, &waker),
            spectrum: spectrum::SpectrumPanel::new(source, &waker),
            strips: strips::Strips::new(source, &waker),
            table: table::HeaderTable::new(source, &waker),
            map: map::MapPanel::new(source, &waker),
            file: file_headers::FileHeadersWindow::new(source, &waker),
            docked: Vec::new(),
            on_top: dock::Pane::Table,
        }
    }

    /// Takes what threads found, and asks for what pinned traces need.
    pub(crate) fn keep_time(&mut self, section: &Section) {
        self.pins.keep_time(&section.pins);
        self.file.take();
    }

    /// What the file's headers say, once they were read.
    pub(crate) fn file_headers(&self) -> Option<&FileHeaders> {
        self.file.found()
    }
}

/// Wakes as [`crate::app::workers::Newest`] wants it.
fn wake(waker: &Waker) -> impl Fn() + Send + 'static {
    let waker = Arc::clone(waker);
    move || waker()
}
