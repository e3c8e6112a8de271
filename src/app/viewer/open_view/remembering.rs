//! How was it looked at, and how is that taken up again?

use std::sync::atomic::Ordering;

use super::{OpenView, is_column};
use crate::app::settings::Settings;
use crate::app::view_memory::ViewMemory;
use crate::app::workers::Workers;
use crate::browse::{Computed, SortBy};

impl OpenView {
    /// As it was looked at last time, as far as the columns are still there.
    pub(super) fn recall(
        &mut self,
        known: &ViewMemory,
        usual_keys: Vec<String>,
        workers: &Workers,
    ) {
        let there = |name: &String| {
            self.source.facts().header_names.contains(name)
                || (!is_column(name) && Computed::parse(name).is_ok())
        };
        let rows: Vec<String> = known.rows.iter().filter(|r| there(r)).cloned().collect();
        let sort = known.sort_by();
        let sort_fits = sort.iter().all(|by| there(&by.key));
        let keys_fit = known.keys.iter().all(there);
        self.look = known.look.clone();
        self.look.position_by = known.look.position_by.clone().filter(|name| there(name));
        self.rows = rows;
        if sort_fits {
            self.sort = sort;
        }
        self.trace_on_screen.store(known.trace, Ordering::Relaxed);
        if known.line {
            self.show_line(workers);
        }
        self.section.follow(known.section_window());
        let keys = if keys_fit {
            known.keys.clone()
        } else {
            usual_keys
        };
        self.start_indexing(keys, workers);
    }

    /// How it is looked at, to be kept.
    pub(crate) fn memory(&self, settings: &Settings) -> ViewMemory {
        let by = |by: &SortBy| (by.key.clone(), by.descending);
        let mut memory = ViewMemory {
            look: self.look.clone(),
            keys: self.keys_now(),
            sort: self.sort.iter().map(by).collect(),
            rows: self.rows.clone(),
            trace: self.trace_on_screen.load(Ordering::Relaxed),
            window: None,
            line: self.section.line().is_some(),
            navigator_open: settings.navigator_open,
            inspector_open: settings.inspector_open,
        };
        memory.set_window(self.section.zoomed_window());
        memory
    }

    /// Keys of the index, or of the one that is being built where there is none yet.
    pub(super) fn keys_now(&self) -> Vec<String> {
        let of_index = self.index.as_ref().map(|index| index.keys.clone());
        let coming = self.indexing.as_ref().map(|indexing| indexing.keys.clone());
        of_index.or(coming).unwrap_or_default()
    }
}
