//! From a SEG-Y file to a dataset: scan → mapping → plan → pipeline.
//!
//! ```text
//! SegyFile ─scan─► Scan ─(+ Mapping, edited by the user, + ImportOptions)─► ImportPlan ─run─► ImportReport
//! ```
//! Every decision is in the plan; nothing after it asks again. Batch and streaming run the same
//! pipeline; batch also keeps all traces in memory so that they can be shown as they arrive.

mod columns;
mod error;
mod estimate;
mod mapping;
mod near;
mod pipeline;
mod plan;
mod resume;
mod scan;
mod tally;
mod warning;

pub use error::{ImportError, PlanError};
pub use estimate::{Estimate, estimate};
pub use mapping::{MappedColumn, Mapping};
pub use pipeline::{Arrived, ImportReport, run, run_with};
pub use plan::{
    ImportMode, ImportOptions, ImportPlan, RequestedMode, STREAMING_BYTES, STREAMING_TRACES,
};
pub use resume::{plan_to_resume, unfinished};
pub use scan::{FieldSeen, KeyCandidate, Scan, ScanDepth, scan};
pub use warning::ImportWarning;
