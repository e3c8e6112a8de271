//! What can be asked of an import page, and what do threads find out for it?

use std::path::PathBuf;

use super::{extended_text, preview, studies, work};
use crate::app::messages::Message;
use crate::dataset::{Codec, Partial};
use crate::import::{
    Estimate, FieldSeen, ImportPlan, MappedColumn, Mapping, Preset, Recalled, Scan, ScanDepth,
};

/// What the user can ask of an import page.
#[derive(Clone, Debug)]
pub(crate) enum ImportCommand {
    /// With the overrides as they stand in the form.
    Scan(ScanDepth),
    CancelScan,
    /// Something that the plan depends on was edited.
    Changed,
    /// The column of a row was moved.
    LookAt(usize),
    /// The picture shall show other traces.
    Preview,
    Start,
    ViewOnly,
    BackToSettings,
    AskOutputFolder,
    AskSaveMapping,
    AskLoadMapping,
    OutputFolder(PathBuf),
    SaveMapping(PathBuf),
    LoadMapping(PathBuf),
    TakePreset(&'static Preset),
    /// The mapping of an earlier file of this make.
    UseRecalled,
    ForgetRecalled,
    /// Back to the mapping before the last one that came from elsewhere.
    Undo,
    /// In the picture.
    ShowTrace(u64),
    /// Go on with an import that was interrupted.
    Resume,
    StartOver,
    ShowFolder(PathBuf),
}

/// What threads found out for an import page.
#[derive(Debug)]
pub(crate) enum ImportEvent {
    /// `Err(None)`: cancelled.
    Scanned {
        generation: u64,
        result: Result<Box<Scan>, Option<Message>>,
    },
    Planned {
        generation: u64,
        result: Result<Box<ImportPlan>, work::Refusal>,
        /// What an interrupted import left where the dataset would be.
        partial: Option<Box<Partial>>,
    },
    /// `Err(None)`: cancelled.
    Estimated {
        generation: u64,
        result: Result<Estimate, Option<String>>,
    },
    /// With other codecs than the chosen one.
    CodecsEstimated(Vec<(Codec, Estimate)>),
    Previewed {
        generation: u64,
        result: Result<preview::Traces, Message>,
    },
    Looked {
        column: MappedColumn,
        result: Result<FieldSeen, String>,
    },
    Stanzas(Vec<extended_text::Shown>),
    Studied(Box<studies::Studied>),
    /// A mapping of an earlier file of this make, if there is one.
    Recalled(Option<Box<Recalled>>),
    MappingSaved(Result<PathBuf, Message>),
    MappingLoaded(Result<Mapping, Message>),
}
