//! How is a file or a dataset opened for browsing? On a thread, never in a frame.

use std::path::Path;
use std::sync::Arc;

use crate::app::messages::Message;
use crate::app::view_memory;
use crate::browse::{BrowseError, DatasetSource, SegySource, TraceSource};
use crate::import::Mapping;
use crate::job::JobContext;

/// An opened source.
pub(crate) struct Opened {
    pub(crate) source: Arc<dyn TraceSource>,
    /// Size on disk and number of traces, for the recent list.
    pub(crate) dataset: Option<(u64, u64)>,
    /// By what the view's memory knows it again.
    pub(crate) identity: Option<String>,
}

/// A file itself or a dataset.
#[derive(Clone, Debug)]
pub(crate) enum HowToOpen {
    Dataset,
    /// With these overrides and moved columns.
    Segy(Mapping),
}

/// Opens what lies at the path.
///
/// # Errors
/// What the user reads.
pub(super) fn opened(
    path: &Path,
    how: &HowToOpen,
    context: &JobContext,
) -> Result<Opened, Message> {
    let failed = |error: &dyn std::error::Error| {
        Message::from_error("This cannot be shown", error, Some(path))
    };
    match how {
        HowToOpen::Dataset => {
            let source = DatasetSource::open(path).map_err(|e| failed(&e))?;
            let identity = view_memory::identity(path, true);
            let array = &source.dataset().manifest().array;
            let dataset = Some((array.stored_bytes, array.n_traces));
            Ok(Opened {
                source: Arc::new(source),
                dataset,
                identity,
            })
        }
        HowToOpen::Segy(mapping) => {
            let source = mapped_segy(path, mapping, context).map_err(|e| failed(&e))?;
            Ok(Opened {
                source: Arc::new(source),
                dataset: None,
                identity: view_memory::identity(path, false),
            })
        }
    }
}

/// Opens a SEG-Y file as its import page says: with its overrides and moved columns.
///
/// # Errors
/// When it cannot be read as SEG-Y.
pub(crate) fn mapped_segy(
    path: &Path,
    mapping: &Mapping,
    context: &JobContext,
) -> Result<SegySource, BrowseError> {
    let columns = mapping.columns.iter();
    let moved: Vec<_> = columns.map(|c| (c.name.clone(), c.byte, c.kind)).collect();
    let (overrides, keys) = (&mapping.overrides, &mapping.ensemble_keys);
    SegySource::open_watched(path, overrides, &moved, keys, context)
}
