//! What is one job, and where does it stand?

use std::path::PathBuf;

use super::Running;
use super::work::{Exported, Work};
use crate::app::messages::Message;
use crate::app::state::DocumentId;
use crate::export::VerifyReport;
use crate::import::ImportReport;
use crate::job::Kept;

/// One job.
#[derive(Debug)]
pub(crate) struct JobEntry {
    pub(crate) id: u64,
    /// The page that it was asked for on.
    pub(crate) document: DocumentId,
    pub(crate) what: What,
    pub(crate) source: PathBuf,
    pub(crate) output: PathBuf,
    pub(crate) state: JobState,
}

impl JobEntry {
    /// Whether it makes a dataset of this file.
    pub(crate) fn is_import_of(&self, path: &std::path::Path) -> bool {
        self.what == What::Import && self.source == path
    }
}

/// The kinds of jobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    Import,
    Export,
}

/// Where a job stands.
#[derive(Debug)]
pub(crate) enum JobState {
    Queued(Work),
    Running(Running),
    Imported {
        report: Box<ImportReport>,
        proof: Proof,
    },
    Exported(Box<Exported>),
    /// With what was kept, to go on later.
    Cancelled(Option<Kept>),
    Failed {
        message: Message,
        kept: Option<Kept>,
    },
}

/// Whether a new dataset was read back and compared with its source.
#[derive(Debug)]
pub(crate) enum Proof {
    NotAsked,
    Running(Running),
    Found(Box<VerifyReport>),
    Failed(Message),
}

impl JobState {
    pub(super) fn is_open(&self) -> bool {
        matches!(self, Self::Queued(_) | Self::Running(_))
    }

    /// Whether nothing will change any more by itself.
    pub(crate) fn has_ended(&self) -> bool {
        !self.is_open()
    }

    pub(super) fn proof_mut(&mut self) -> Option<&mut Proof> {
        match self {
            Self::Imported { proof, .. } => Some(proof),
            Self::Queued(_)
            | Self::Running(_)
            | Self::Exported(_)
            | Self::Cancelled(_)
            | Self::Failed { .. } => None,
        }
    }
}
