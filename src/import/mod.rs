//! From a SEG-Y file to a dataset: scan → mapping → plan → pipeline.
//!
//! ```text
//! SegyFile ─scan─► Scan ─(+ Mapping, edited by the user, + ImportOptions)─► ImportPlan ─run─► ImportReport
//! ```
//! Every decision is in the plan; nothing after it asks again. Batch and streaming run the same
//! pipeline; batch also keeps all traces in memory so that they can be shown as they arrive.

mod columns;
mod computed;
mod coordinate_map;
mod doctor;
mod error;
mod estimate;
mod finding;
mod gather_count;
mod mapping;
mod near;
mod open;
mod pipeline;
mod plan;
mod remember;
mod resume;
mod scaled_words;
mod scan;
mod tally;
mod warning;

pub use coordinate_map::{CoordinateMap, MAX_MAP_POINTS, MapPoints, coordinate_map};
pub use error::{ImportError, PlanError};
pub use estimate::{Estimate, estimate};
pub use finding::{Example, Finding, Severity};
pub use gather_count::{GatherCount, count_gathers};
pub use mapping::{ComputedColumn, MAPPING_VERSION, MappedColumn, Mapping, MappingVersion};
pub use pipeline::{Arrived, ImportReport, TakenIn, run, run_with};
pub use plan::{
    ImportMode, ImportOptions, ImportPlan, RequestedMode, STREAMING_BYTES, STREAMING_TRACES,
};
pub use remember::{Make, Recalled, Remembered, default_mapping_folder, make_of, recall, remember};
pub use resume::{asked_for, plan_to_resume, unfinished};
pub use scan::{
    FieldSeen, KeyCandidate, PRESETS, Preset, Role, RoleCandidate, RoleFound, Scan, ScanDepth, scan,
};
pub use warning::ImportWarning;
