//! What can a job be asked to do? Import, export and verify, each with the sentence for its failure.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::live::Live;
use crate::app::messages::Message;
use crate::dataset::{Dataset, Partial};
use crate::export::{ExportForm, VerifyReport, export_exact, export_form, verify};
use crate::import::{ImportPlan, ImportReport, plan_to_resume, run, run_with};
use crate::job::{JobContext, Stop};

/// Something to do.
#[derive(Debug)]
pub(crate) enum Work {
    Import {
        plan: Box<ImportPlan>,
        /// Where blocks of batch mode are drawn.
        live: Arc<Live>,
    },
    /// Go on with an import that was interrupted.
    Resume {
        partial: Box<Partial>,
        source: PathBuf,
    },
    Export(ExportWish),
}

/// What shall be written from a dataset.
#[derive(Clone, Debug)]
pub(crate) struct ExportWish {
    pub(crate) dataset: PathBuf,
    pub(crate) output: PathBuf,
    pub(crate) overwrite: bool,
    /// `None`: the exact copy.
    pub(crate) form: Option<ExportForm>,
}

/// What an export wrote.
#[derive(Debug)]
pub(crate) struct Exported {
    pub(crate) path: PathBuf,
    pub(crate) bytes: u64,
    pub(crate) sha256: String,
    pub(crate) same_as_source: bool,
    /// What is not as it was in the imported file, each with its number.
    pub(crate) differences: Vec<String>,
}

/// How work ended well.
#[derive(Debug)]
pub(crate) enum Finished {
    Import(Box<ImportReport>),
    Export(Box<Exported>),
    Verify(Box<VerifyReport>),
}

impl Work {
    /// Where the bytes come from.
    pub(super) fn source(&self) -> &Path {
        match self {
            Self::Import { plan, .. } => &plan.scan().path,
            Self::Resume { source, .. } => source,
            Self::Export(wish) => &wish.dataset,
        }
    }

    /// What will be written.
    pub(super) fn output(&self) -> &Path {
        match self {
            Self::Import { plan, .. } => plan.output(),
            Self::Resume { partial, .. } => &partial.dataset,
            Self::Export(wish) => &wish.output,
        }
    }

    /// Bytes of the source, where they are known before it begins.
    pub(super) fn source_bytes(&self) -> Option<u64> {
        match self {
            Self::Import { plan, .. } => Some(plan.source_bytes()),
            Self::Resume { partial, .. } => partial.notes.as_ref().map(|n| n.size_bytes),
            Self::Export(_) => None,
        }
    }

    /// Does it; on a thread of its own.
    pub(super) fn run(&self, context: &JobContext) -> Result<Finished, Stop<Message>> {
        match self {
            Self::Import { plan, live } => run_with(plan, context, |block| live.take(&block))
                .map(|report| Finished::Import(Box::new(report)))
                .map_err(|stop| {
                    stop.map(|error| {
                        Message::from_error("The import failed", &error, Some(&plan.scan().path))
                    })
                }),
            Self::Resume { partial, source } => resume(partial, source, context),
            Self::Export(wish) => export(wish, context),
        }
    }
}

fn resume(
    partial: &Partial,
    source: &Path,
    context: &JobContext,
) -> Result<Finished, Stop<Message>> {
    plan_to_resume(partial, source, context)
        .and_then(|plan| run(&plan, context))
        .map(|report| Finished::Import(Box::new(report)))
        .map_err(|stop| {
            stop.map(|error| {
                Message::from_error("The import could not go on", &error, Some(source))
            })
        })
}

/// Removes what an import left behind.
pub(super) fn remove_partial(dataset: &Path) -> Result<(), Message> {
    Partial::inspect(dataset).map_or(Ok(()), |partial| {
        partial.remove().map_err(|error| {
            let path = Some(partial.path.as_path());
            Message::from_error("What was left behind could not be removed", &error, path)
        })
    })
}

fn export(wish: &ExportWish, context: &JobContext) -> Result<Finished, Stop<Message>> {
    const TITLE: &str = "The export failed";
    let dataset = opened(&wish.dataset, TITLE)?;
    let (output, overwrite) = (&wish.output, wish.overwrite);
    let exported = match &wish.form {
        None => export_exact(&dataset, output, overwrite, context).map(|report| Exported {
            path: report.path,
            bytes: report.bytes,
            sha256: report.sha256,
            same_as_source: report.same_as_source,
            differences: Vec::new(),
        }),
        Some(form) => {
            export_form(&dataset, form, output, overwrite, context).map(|report| Exported {
                path: report.path,
                bytes: report.bytes,
                sha256: report.sha256,
                same_as_source: report.same_as_source,
                differences: report.changes.iter().map(ToString::to_string).collect(),
            })
        }
    };
    exported
        .map(|exported| Finished::Export(Box::new(exported)))
        .map_err(|stop| stop.map(|error| Message::from_error(TITLE, &error, Some(&wish.dataset))))
}

/// Reads a dataset back and compares its export with its source; on a thread of its own.
pub(super) fn check(path: &Path, context: &JobContext) -> Result<Finished, Stop<Message>> {
    const TITLE: &str = "The dataset could not be verified";
    let dataset = opened(path, TITLE)?;
    verify(&dataset, None, context)
        .map(|report| Finished::Verify(Box::new(report)))
        .map_err(|stop| stop.map(|error| Message::from_error(TITLE, &error, Some(path))))
}

fn opened(path: &Path, title: &str) -> Result<Dataset, Stop<Message>> {
    Dataset::open(path)
        .map_err(|error| Stop::Failed(Message::from_error(title, &error, Some(path))))
}
