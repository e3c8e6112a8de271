//! Which gathers are there, and who loads them? An index is built on a thread; the old gathers stay meanwhile.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::{ALWAYS_READ, FoundGathers, Indexing, OpenView, PANEL_TRACES, is_column};
use crate::app::messages::Message;
use crate::app::settings::Settings;
use crate::app::viewer::ViewerEvent;
use crate::app::workers::{Event, Workers};
use crate::browse::{Computed, GatherIndex, GatherLoader};

impl OpenView {
    pub(super) fn start_indexing(&mut self, keys: Vec<String>, workers: &Workers) {
        self.cancel_indexing();
        self.generation += 1;
        let (id, generation) = (self.id, self.generation);
        let (source, by) = (Arc::clone(&self.source), keys.clone());
        let on_screen = Arc::clone(&self.trace_on_screen);
        let context = workers.start("index", move |context| {
            let result = GatherIndex::build(&*source, &by, PANEL_TRACES, context)
                .map(|index| {
                    index.map(|index| {
                        let trace = on_screen.load(Ordering::Relaxed);
                        let position = index.find_trace(trace).unwrap_or(0);
                        (Arc::new(index), position)
                    })
                })
                .map_err(|e| Message::from_error("The gathers could not be found", &e, None));
            Event::Viewer(id, ViewerEvent::Indexed { generation, result })
        });
        self.indexing = Some(Indexing { keys, context });
    }

    pub(super) fn cancel_indexing(&mut self) {
        if let Some(indexing) = self.indexing.take() {
            indexing.context.cancel.cancel();
        }
    }

    /// Takes a new index: the gather that holds the trace on the screen stays on the screen.
    pub(crate) fn indexed(
        &mut self,
        generation: u64,
        result: Result<Option<FoundGathers>, Message>,
        workers: &Workers,
        settings: &Settings,
    ) -> Vec<Message> {
        if generation != self.generation {
            return Vec::new();
        }
        self.indexing = None;
        match result {
            Ok(Some(index)) => {
                let (index, position) = index;
                self.wanted = position;
                if let (Some(now), Some(loader)) = (&self.index, &self.loader)
                    && Arc::ptr_eq(now, &index)
                {
                    loader.request(position);
                    self.scroll_to_wanted = true;
                    return Vec::new();
                }
                self.index = Some(index);
                self.start_loader(workers, settings)
            }
            Ok(None) => Vec::new(),
            Err(message) => {
                if self.index.is_none() {
                    // Without any index nothing could be shown: consecutive traces always can.
                    self.start_indexing(Vec::new(), workers);
                }
                vec![message]
            }
        }
    }

    pub(super) fn start_loader(&mut self, workers: &Workers, settings: &Settings) -> Vec<Message> {
        if let Some(loader) = self.loader.take() {
            self.counts_before = self.counts_before.and(loader.status().counts);
            Workers::drop_elsewhere(loader);
        }
        self.shares = None;
        self.shown = None;
        self.load_error = None;
        self.scroll_to_wanted = true;
        let Some(index) = &self.index else {
            return Vec::new();
        };
        let loader = GatherLoader::spawn_sorted(
            Arc::clone(&self.source),
            Arc::clone(index),
            (self.columns_to_read(), self.sort.clone()),
            settings.cache_mib << 20,
            workers.waker(),
        );
        match loader {
            Ok(loader) => {
                loader.request(self.wanted);
                self.loader = Some(loader);
                Vec::new()
            }
            Err(error) => vec![Message::from_error(
                "Gathers cannot be loaded",
                &error,
                None,
            )],
        }
    }

    pub(super) fn columns_to_read(&self) -> Vec<String> {
        let known = &self.source.facts().header_names;
        let mut columns: Vec<String> = self.index.iter().flat_map(|i| i.keys.clone()).collect();
        columns.extend(self.rows.iter().cloned());
        columns.extend(self.look.position_by.iter().cloned());
        columns.extend(ALWAYS_READ.iter().map(|&name| name.to_owned()));
        let mut seen = std::collections::HashSet::new();
        columns.retain(|name| {
            let computed = !is_column(name) && Computed::parse(name).is_ok();
            (computed || known.contains(name)) && seen.insert(name.clone())
        });
        columns
    }

    /// Goes to the gather that holds the trace on the screen; sought on a thread, there may be millions.
    pub(super) fn find_gather(&mut self, index: Arc<GatherIndex>, workers: &Workers) {
        self.generation += 1;
        let (id, generation) = (self.id, self.generation);
        let trace = self.trace_on_screen.load(Ordering::Relaxed);
        workers.start("find gather", move |_| {
            let position = index.find_trace(trace).unwrap_or(0);
            let result = Ok(Some((index, position)));
            Event::Viewer(id, ViewerEvent::Indexed { generation, result })
        });
    }
}
