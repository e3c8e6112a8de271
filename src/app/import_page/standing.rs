//! Where do plan, estimate and scan of the page stand, and which tab is shown?

use std::sync::Arc;

use super::work::Refusal;
use crate::dataset::Codec;
use crate::import::{Estimate, ImportPlan, ScanDepth};
use crate::job::JobContext;

/// What the middle of the page shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tab {
    #[default]
    Picture,
    Text,
    Extended(ExtendedText),
    Binary,
    Map,
}

/// Which part of the extended text is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExtendedText {
    Stanza(usize),
    /// A record of 3200 bytes, as it stands.
    Page(usize),
}

/// Where the plan stands.
#[derive(Debug)]
pub(crate) enum PlanState {
    Making,
    Ready(Arc<ImportPlan>),
    Refused(Refusal),
}

/// Where the estimate stands.
#[derive(Debug)]
pub(crate) enum EstimateState {
    Waiting,
    Measuring(JobContext),
    Ready(Estimate),
    Failed(String),
}

/// What each codec would give and take.
#[derive(Debug, Default)]
pub(crate) struct Measured {
    found: Vec<(Codec, Estimate)>,
    pub(super) asked: bool,
    pub(super) running: Option<JobContext>,
}

impl Measured {
    pub(super) fn insert(&mut self, codec: Codec, estimate: Estimate) {
        self.found.retain(|(known, _)| *known != codec);
        self.found.push((codec, estimate));
    }

    pub(crate) fn of(&self, codec: Codec) -> Option<&Estimate> {
        let known = self.found.iter().find(|(known, _)| *known == codec);
        known.map(|(_, estimate)| estimate)
    }
}

/// A scan beside the page.
#[derive(Debug)]
pub(crate) struct Rescan {
    pub(crate) context: JobContext,
    pub(crate) depth: ScanDepth,
}
