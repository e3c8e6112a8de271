//! The picture of what has been imported so far, block by block (batch mode).

use std::sync::Arc;

use egui::Ui;

use super::preview::Preview;
use crate::app::jobs::Live;
use crate::app::section::{ClipChoice, Look, Section, Setting};
use crate::app::workers::Workers;
use crate::app::{numbers, widgets};

/// See the module.
#[derive(Debug)]
pub(crate) struct Arriving {
    live: Arc<Live>,
    section: Section,
    look: Look,
    drawn: u64,
}

impl Arriving {
    /// Looks as the preview did, and keeps its clip: the picture shall not flicker as it fills.
    pub(crate) fn new(live: Arc<Live>, workers: &Workers, preview: &Preview) -> Self {
        let mut look = preview.look.clone();
        if let Some(clip) = preview.section.clip() {
            look.clip = ClipChoice::Fixed(clip.half());
        }
        Self {
            live,
            section: Section::new(workers.waker()),
            look,
            drawn: 0,
        }
    }

    /// Whether a block has arrived: never in streaming mode.
    pub(crate) fn has_any(&self) -> bool {
        self.live.arrived().0 > 0
    }

    /// Draws what has arrived.
    pub(crate) fn show(&mut self, ui: &mut Ui) {
        let (version, n_traces) = self.live.arrived();
        if version != self.drawn
            && let Some(gather) = self.live.gather()
        {
            self.section.set_gather(Arc::new(gather));
            self.drawn = version;
        }
        let step = self.live.step();
        let every = if step > 1 {
            format!(" · one trace of {} is drawn", numbers::count(step))
        } else {
            String::new()
        };
        let arrived = numbers::plural(n_traces, "trace has", "traces have");
        widgets::hint(ui, format!("{arrived} arrived{every}"));
        let setting = Setting {
            look: &self.look,
            statistics: None,
            rows: &[],
            keys: &[],
            name: "what has arrived so far",
        };
        self.section.show(ui, setting);
    }
}
