//! How is the source opened within a task? Watched: where traces differ in size, all headers are
//! walked over, which is shown and can be cancelled.

use std::path::Path;
use std::sync::Arc;

use super::ImportError;
use crate::job::{JobContext, Stop};
use crate::segy::{LayoutOverrides, SegyError, SegyFile};

/// Opens the file; the walk is the task's progress as long as it lasts.
pub(super) fn open(
    path: &Path,
    overrides: &LayoutOverrides,
    context: &JobContext,
) -> Result<SegyFile, Stop<ImportError>> {
    context.check_cancelled()?;
    let watch = Arc::new(context.place_in_file());
    let file = SegyFile::open_watched(path, overrides, watch);
    context.progress.set_place(0, 0);
    file.map_err(|error| {
        if matches!(error, SegyError::Cancelled) {
            Stop::Cancelled
        } else {
            Stop::Failed(error.into())
        }
    })
}
