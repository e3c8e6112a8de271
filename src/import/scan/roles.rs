//! Which things does a trace header tell, wherever it tells them? A role is a thing; its place is
//! a byte and a type.

use serde::{Deserialize, Serialize};

use crate::import::MappedColumn;
use crate::segy::FieldKind;

/// What a header word may hold. The column that it fills has a standard place; files differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say all")]
pub enum Role {
    FieldRecord,
    SourcePoint,
    Ensemble,
    TraceInEnsemble,
    Inline,
    Crossline,
    Offset,
    SourceX,
    SourceY,
    GroupX,
    GroupY,
    CdpX,
    CdpY,
    CoordinateScalar,
    Delay,
}

/// Role, its column, what people call it.
#[rustfmt::skip]
const ROLES: [(Role, &str, &str); 15] = [
    (Role::FieldRecord, "orig_field_record_num", "field record number"),
    (Role::SourcePoint, "energy_source_point_num", "energy source point number"),
    (Role::Ensemble, "ensemble_num", "ensemble (CDP) number"),
    (Role::TraceInEnsemble, "trace_num_ensemble", "trace number in the ensemble"),
    (Role::Inline, "inline", "inline number"),
    (Role::Crossline, "crossline", "crossline number"),
    (Role::Offset, "source_to_receiver_distance", "source-receiver distance (offset)"),
    (Role::SourceX, "source_coord_x", "source coordinate x"),
    (Role::SourceY, "source_coord_y", "source coordinate y"),
    (Role::GroupX, "group_coord_x", "receiver coordinate x"),
    (Role::GroupY, "group_coord_y", "receiver coordinate y"),
    (Role::CdpX, "cdp_x", "CDP coordinate x"),
    (Role::CdpY, "cdp_y", "CDP coordinate y"),
    (Role::CoordinateScalar, "coordinate_scalar", "coordinate scalar"),
    (Role::Delay, "delay_recording_time", "start time (delay)"),
];

impl Role {
    /// All of them, in the order in which they are reported.
    pub const ALL: [Self; 15] = [
        Self::FieldRecord,
        Self::SourcePoint,
        Self::Ensemble,
        Self::TraceInEnsemble,
        Self::Inline,
        Self::Crossline,
        Self::Offset,
        Self::SourceX,
        Self::SourceY,
        Self::GroupX,
        Self::GroupY,
        Self::CdpX,
        Self::CdpY,
        Self::CoordinateScalar,
        Self::Delay,
    ];

    /// The column of headers.parquet that it fills.
    pub fn column(self) -> &'static str {
        self.row().1
    }

    /// What people call it.
    pub fn title(self) -> &'static str {
        self.row().2
    }

    fn row(self) -> (Self, &'static str, &'static str) {
        ROLES
            .into_iter()
            .find(|(role, ..)| *role == self)
            .unwrap_or((self, "inline", "inline number"))
    }
}

/// A place where a role's values may lie, with the evidence.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RoleCandidate {
    /// From 1; from 241 on in the additional trace headers.
    pub byte: u16,
    /// The word's type.
    pub kind: FieldKind,
    /// Between 0 and 1.
    pub score: f64,
    /// Why, strongest first, as short phrases.
    pub reasons: Vec<String>,
    /// Smallest value seen; as recorded, no scalar applied.
    pub min: f64,
    /// Largest.
    pub max: f64,
    /// Of the first trace.
    pub first: f64,
    /// Distinct values, counted up to a limit of 4096.
    pub n_distinct: u64,
    /// Runs of equal consecutive values.
    pub n_runs: u64,
    /// Traces that were looked at; range, distinct values and runs are estimates where that is
    /// not the whole file.
    pub n_seen: u64,
    /// Whether only a part of the file was looked at.
    pub estimated: bool,
}

/// What was found out about one role.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RoleFound {
    /// Which.
    pub role: Role,
    /// Its column.
    pub name: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// Best first; at most five.
    pub candidates: Vec<RoleCandidate>,
    /// Where the suggested mapping takes it from: the first candidate, if that holds anything.
    pub suggested: Option<MappedColumn>,
    /// Whether that is another place than the standard's.
    pub moved: bool,
}
