//! What follows from the mapping: where the traces lie, and how many gathers there are. Found out on
//! threads, a moment after the last edit; what is still running for an older mapping is stopped.

use std::sync::Arc;

use super::ImportEvent;
use crate::app::state::DocumentId;
use crate::app::workers::{Event, Workers};
use crate::import::{
    CoordinateMap, GatherCount, Mapping, Recalled, Scan, coordinate_map, count_gathers,
    default_mapping_folder, recall, remember,
};
use crate::job::{JobContext, Stop};

/// What is known of something that a thread finds out.
#[derive(Clone, Debug, Default)]
pub(crate) enum Study<T> {
    #[default]
    Looking,
    Found(T),
    Failed(String),
}

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Studies {
    /// Stays while a new one is looked for: the map shall not flicker.
    pub(crate) map: Study<Arc<CoordinateMap>>,
    pub(crate) gathers: Study<GatherCount>,
    generation: u64,
    running: Vec<JobContext>,
}

/// What a thread found out.
#[derive(Debug)]
pub(crate) struct Studied {
    generation: u64,
    what: What,
}

#[derive(Debug)]
enum What {
    Map(Result<Arc<CoordinateMap>, String>),
    Gathers(Result<GatherCount, String>),
}

impl Studies {
    /// Begins anew for another mapping; looks as deep as the scan did.
    pub(crate) fn begin(
        &mut self,
        id: DocumentId,
        workers: &Workers,
        scan: &Arc<Scan>,
        mapping: &Mapping,
    ) {
        self.stop();
        self.generation += 1;
        let generation = self.generation;
        let answer = move |what| {
            Event::Import(
                id,
                ImportEvent::Studied(Box::new(Studied { generation, what })),
            )
        };
        let (file, choice) = (Arc::clone(scan), mapping.clone());
        self.running
            .push(workers.start("gather count", move |context| {
                let keys = &choice.ensemble_keys;
                let count = count_gathers(&file, &choice, keys, file.depth, context);
                answer(What::Gathers(count.map_err(words)))
            }));
        let (file, choice) = (Arc::clone(scan), mapping.clone());
        self.running.push(workers.start("map", move |context| {
            let map = coordinate_map(&file, &choice, file.depth, context);
            answer(What::Map(map.map(Arc::new).map_err(words)))
        }));
    }

    /// Stops what is still running.
    pub(crate) fn stop(&mut self) {
        for context in self.running.drain(..) {
            context.cancel.cancel();
        }
    }

    /// Takes what a thread found out; of an older mapping nothing.
    pub(crate) fn take(&mut self, studied: Studied) {
        if studied.generation != self.generation {
            return;
        }
        match studied.what {
            What::Map(Ok(map)) => self.map = Study::Found(map),
            What::Map(Err(why)) => self.map = Study::Failed(why),
            What::Gathers(Ok(count)) => self.gathers = Study::Found(count),
            What::Gathers(Err(why)) => self.gathers = Study::Failed(why),
        }
    }
}

fn words<E: std::fmt::Display>(stop: Stop<E>) -> String {
    match stop {
        Stop::Cancelled => "not looked at".to_owned(),
        Stop::Failed(error) => error.to_string(),
    }
}

/// Looks for a mapping that was remembered for files of this make.
pub(super) fn look_for_remembered(workers: &Workers, id: DocumentId, scan: &Arc<Scan>) {
    let scan = Arc::clone(scan);
    workers.start("remembered mapping", move |_| {
        let found = default_mapping_folder().and_then(|folder| recall(&folder, &scan));
        Event::Import(id, ImportEvent::Recalled(found.map(Box::new)))
    });
}

/// Remembers the mapping for files of this make. Where that is not possible nothing is lost, so
/// nothing is said.
pub(super) fn keep_in_mind(workers: &Workers, id: DocumentId, scan: &Arc<Scan>, mapping: Mapping) {
    let scan = Arc::clone(scan);
    workers.start("remember mapping", move |_| {
        if let Some(folder) = default_mapping_folder() {
            drop(remember(&folder, &scan, &mapping));
        }
        Event::Import(id, ImportEvent::Recalled(None))
    });
}

/// "line11.sgy (12 of 14 lines of its text header are the same)".
pub(super) fn recalled_words(recalled: &Recalled) -> String {
    format!(
        "{} ({:.0} % of its text header is the same)",
        recalled.remembered.file_name,
        recalled.similarity * 100.0
    )
}
