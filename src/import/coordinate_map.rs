//! Where do the traces lie? A few thousand points for a small map, by the places that a mapping
//! chooses. Reads headers, no samples.

use super::open;
use super::scaled_words::CoordinateScalar;
use super::scan::binary_word;
use super::tally::Word;
use super::{ImportError, Mapping, Scan, ScanDepth};
use crate::job::{JobContext, Stop};
use crate::segy::{ByteOrder, HeaderValue, Layout, SegyFile, scaled};

/// Points of one kind that are kept at most.
pub const MAX_MAP_POINTS: usize = 4_000;

/// Single headers that a quick look reads, spread evenly …
const QUICK_HEADERS: u64 = 600;
/// … in addition to both ends of the file. Each costs a page, also of a slow disk.
const WINDOW_TRACES: u64 = 4_096;

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
    /// "m", "ft", "m or ft" (the file does not say which), "arc seconds", "decimal degrees", "degrees, minutes, seconds", or "unknown units" (bytes 89–90).
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
    let failed = |error| Stop::Failed(ImportError::Segy(error));
    let mapping = mapping
        .checked()
        .map_err(|error| Stop::Failed(error.into()))?;
    let file = open::open(&scan.path, &scan.overrides, &context.unseen())?;
    let n_traces = file.layout().n_traces;
    let read_all = depth == ScanDepth::Full || n_traces <= MAX_MAP_POINTS as u64;
    let mut places = Places::new(&mapping, file.layout());
    let parts: Vec<std::ops::Range<u64>> = if read_all {
        let starts = (0..n_traces.div_ceil(WINDOW_TRACES)).map(|i| i * WINDOW_TRACES);
        starts
            .map(|start| start..(start + WINDOW_TRACES).min(n_traces))
            .collect()
    } else {
        spread(n_traces)
    };
    let mut n_traces_read = 0;
    for part in parts {
        context.check_cancelled()?;
        n_traces_read += part.end - part.start;
        let window = file.window(part).map_err(failed)?;
        for i in 0..window.n_traces() {
            places.add(window.headers(i), window.trace_index(i));
        }
        window.check().map_err(failed)?;
    }
    let [sources, groups, cdps] = places.pairs.map(|pair| pair.points.points);
    Ok(CoordinateMap {
        sources,
        groups,
        cdps,
        units: units(places.unit_code, measurement_system(&file)),
        n_traces_read,
        is_whole_file: read_all,
    })
}

/// Single traces, evenly spread, the last one among them.
fn spread(n_traces: u64) -> Vec<std::ops::Range<u64>> {
    (0..QUICK_HEADERS)
        .map(|i| {
            let at = u128::from(n_traces - 1) * u128::from(i) / u128::from(QUICK_HEADERS - 1);
            let at = u64::try_from(at).unwrap_or(0);
            at..at + 1
        })
        .collect()
}

/// Bytes 3255–3256: 1 metres, 2 feet; 0 where the file has no binary header.
fn measurement_system(file: &SegyFile) -> i64 {
    binary_word(file, "measurement_system_code")
}

/// Bytes 89–90; lengths in the unit of the binary header.
fn units(code: i64, measurement_system: i64) -> &'static str {
    match code {
        1 if measurement_system == 1 => "m",
        1 if measurement_system == 2 => "ft",
        1 => "m or ft",
        2 => "arc seconds",
        3 => "decimal degrees",
        4 => "degrees, minutes, seconds",
        _ => "unknown units",
    }
}

struct Places {
    pairs: [PairOfWords; 3],
    scalar: CoordinateScalar,
    unit: Word,
    unit_code: i64,
    order: ByteOrder,
}

struct PairOfWords {
    x: Word,
    y: Word,
    points: Thinned,
}

/// Points of which every other one goes whenever there are too many.
#[derive(Default)]
struct Thinned {
    points: MapPoints,
    n_seen: u64,
    /// Every so many points are kept.
    step: u64,
}

impl Places {
    fn new(mapping: &Mapping, layout: &Layout) -> Self {
        let word = |name| Word::of(mapping, name);
        let pair = |x, y| PairOfWords {
            x: word(x),
            y: word(y),
            points: Thinned::default(),
        };
        Self {
            pairs: [
                pair("source_coord_x", "source_coord_y"),
                pair("group_coord_x", "group_coord_y"),
                pair("cdp_x", "cdp_y"),
            ],
            scalar: CoordinateScalar::of(mapping, &layout.scaling()),
            unit: word("coordinate_unit"),
            unit_code: 0,
            order: layout.byte_order.value,
        }
    }

    fn add(&mut self, header: &[u8], trace_index: u64) {
        let scalar = self.scalar.read(header, self.order);
        if self.unit_code == 0 {
            self.unit_code = self.unit.read(header, self.order);
        }
        for pair in &mut self.pairs {
            let value = |word: Word| match word.kind.read(header, word.byte, self.order) {
                Some(HeaderValue::Int(value)) => value as f64,
                Some(HeaderValue::Uint(value)) => value as f64,
                Some(HeaderValue::Float(value)) => value,
                Some(HeaderValue::Text(_)) | None => 0.0,
            };
            let point = [value(pair.x), value(pair.y)];
            if point.iter().any(|value| !value.is_finite()) || point == [0.0, 0.0] {
                pair.points.points.n_without += 1;
            } else {
                pair.points
                    .add(point.map(|value| scaled(value, scalar)), trace_index);
            }
        }
    }
}

impl Thinned {
    fn add(&mut self, point: [f64; 2], trace_index: u64) {
        let [x, y] = point;
        let [x0, y0, x1, y1] = self.points.bounds.unwrap_or([x, y, x, y]);
        self.points.bounds = Some([x0.min(x), y0.min(y), x1.max(x), y1.max(y)]);
        if self.n_seen.is_multiple_of(self.step.max(1)) {
            self.points.points.push(point);
            self.points.trace_indices.push(trace_index);
        }
        self.n_seen += 1;
        if self.points.points.len() > MAX_MAP_POINTS {
            self.step = self.step.max(1) * 2;
            every_other(&mut self.points.points);
            every_other(&mut self.points.trace_indices);
        }
    }
}

fn every_other<T>(values: &mut Vec<T>) {
    let mut keep = false;
    values.retain(|_| {
        keep = !keep;
        keep
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_stay_few_and_even_and_bounds_stay_exact() {
        let mut thinned = Thinned::default();
        for i in 0..100_000_u32 {
            thinned.add([f64::from(i), -f64::from(i)], u64::from(i));
        }
        let points = &thinned.points;
        assert!((MAX_MAP_POINTS / 2..=MAX_MAP_POINTS).contains(&points.points.len()));
        assert_eq!(points.bounds, Some([0.0, -99_999.0, 99_999.0, 0.0]));
        let steps: Vec<u64> = points
            .trace_indices
            .windows(2)
            .map(|pair| pair[1] - pair[0])
            .collect();
        assert!(
            steps.iter().all(|&step| step == steps[0]),
            "{:?}",
            &steps[..5]
        );
    }

    #[test]
    fn a_quick_look_reaches_both_ends() {
        let parts = spread(1_000_000);
        assert_eq!((parts[0].start, parts[parts.len() - 1].end), (0, 1_000_000));
    }
}
