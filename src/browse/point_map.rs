//! Where do sources, receivers and midpoints lie, how many traces does each place have?
//!
//! Places come together in square cells. Cells begin so small that equal coordinates meet and
//! others do not; whenever there are more than [`MOST_POINTS`] the cells' sides double, so that
//! memory is bounded whatever the survey: 100,000 places of 56 bytes, and their index.

use std::collections::HashMap;

use super::numbers::{numbers_of, parts};
use super::{BrowseError, TraceSource};
use crate::job::CancelToken;

/// Places on a map.
pub const MOST_POINTS: usize = 100_000;
/// Traces read at once.
const PART: u64 = 131_072;
/// Of a file that is not imported so many traces are looked at, evenly.
const MOST_OF_A_FILE: u64 = 131_072;
/// Sides of cells to begin with: of lengths, and of degrees.
const FINE: (f64, f64) = (0.01, 1e-6);

/// Which places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MapKind {
    /// Of sources.
    Sources,
    /// Of receiver groups.
    Receivers,
    /// The ensemble's coordinates; where there are none, halfway between source and receiver.
    #[default]
    Midpoints,
}

impl MapKind {
    /// All, in the order of menus.
    pub const ALL: [Self; 3] = [Self::Sources, Self::Receivers, Self::Midpoints];

    /// For the screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Sources => "Sources",
            Self::Receivers => "Receivers",
            Self::Midpoints => "Midpoints",
        }
    }
}

/// A place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MapPoint {
    /// Mean of its traces.
    pub x: f64,
    /// Mean of its traces.
    pub y: f64,
    /// Traces: the fold.
    pub n_traces: u32,
    /// Mean of the column asked for; NaN without one.
    pub value: f64,
    /// The first of its traces.
    pub first_trace: u64,
}

/// All places.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PointMap {
    /// In the order of their first traces.
    pub points: Vec<MapPoint>,
    /// Side of the cells.
    pub cell: f64,
    /// Whether places were put together because there were too many.
    pub is_binned: bool,
    /// One trace in so many was read.
    pub one_in: u64,
    /// Traces without coordinates.
    pub n_without: u64,
}

impl PointMap {
    /// Smallest and largest x and y.
    pub fn bounds(&self) -> Option<[f64; 4]> {
        let first = self.points.first()?;
        let start = [first.x, first.x, first.y, first.y];
        Some(self.points.iter().fold(start, |b, p| {
            [b[0].min(p.x), b[1].max(p.x), b[2].min(p.y), b[3].max(p.y)]
        }))
    }

    /// The point nearest to a place, with its distance.
    pub fn nearest(&self, x: f64, y: f64) -> Option<(&MapPoint, f64)> {
        let distance = |p: &MapPoint| (p.x - x).hypot(p.y - y);
        let nearest = self
            .points
            .iter()
            .min_by(|a, b| distance(a).total_cmp(&distance(b)))?;
        Some((nearest, distance(nearest)))
    }
}

/// A pair of columns.
type Pair = (&'static str, &'static str);

/// Which columns hold coordinates: scaled ones where there are any, else integers and their scalar.
#[derive(Clone, Debug)]
struct Columns {
    source: Option<Pair>,
    group: Option<Pair>,
    cdp: Option<Pair>,
    scaled: bool,
    /// Of coordinates that are not scaled, where it is not each trace's own.
    scalar: Option<i32>,
}

impl Columns {
    fn of(source: &dyn TraceSource) -> Self {
        let names = source.number_names();
        let has = |(x, y): Pair| {
            let known = |name: &str| names.iter().any(|n| n == name);
            (known(x) && known(y)).then_some((x, y))
        };
        let scaled = Self {
            source: has(("source_x", "source_y")),
            group: has(("group_x", "group_y")),
            cdp: has(("cdp_x_scaled", "cdp_y_scaled")),
            scaled: true,
            scalar: None,
        };
        if scaled.source.is_some() || scaled.cdp.is_some() {
            return scaled;
        }
        Self {
            source: has(("source_coord_x", "source_coord_y")),
            group: has(("group_coord_x", "group_coord_y")),
            cdp: has(("cdp_x", "cdp_y")),
            scaled: false,
            scalar: source.coordinate_scalar(),
        }
    }

    /// Those needed for a kind of places.
    fn pairs(&self, kind: MapKind) -> [Option<Pair>; 3] {
        match kind {
            MapKind::Sources => [self.source, None, None],
            MapKind::Receivers => [None, self.group, None],
            MapKind::Midpoints => [self.source, self.group, self.cdp],
        }
    }
}

/// Reads one column of some traces.
type Read<'a> = dyn FnMut(&str) -> Result<Vec<f64>, BrowseError> + 'a;

/// The places of traces, in their order; NaN where there are no coordinates.
fn places(
    columns: &Columns,
    kind: MapKind,
    read: &mut Read<'_>,
) -> Result<Vec<(f64, f64)>, BrowseError> {
    let scalars = if columns.scaled || columns.scalar.is_some() {
        None
    } else {
        // A file without the word has coordinates as they stand.
        read("coordinate_scalar").ok()
    };
    let told = columns.scalar.map(f64::from);
    let mut of = |pair: Option<Pair>| -> Result<Option<Vec<(f64, f64)>>, BrowseError> {
        let Some((x, y)) = pair else {
            return Ok(None);
        };
        let (xs, ys) = (read(x)?, read(y)?);
        let scale = |i: usize| {
            let scalar = scalars.as_ref().and_then(|s| s.get(i).copied());
            factor(scalar.or(told).unwrap_or(1.0))
        };
        let pairs = xs.into_iter().zip(ys).enumerate();
        Ok(Some(
            pairs
                .map(|(i, (x, y))| (x * scale(i), y * scale(i)))
                .collect(),
        ))
    };
    let [source, group, cdp] = columns.pairs(kind);
    let (source, group, cdp) = (of(source)?, of(group)?, of(cdp)?);
    let n = [&source, &group, &cdp]
        .iter()
        .filter_map(|v| v.as_ref().map(Vec::len))
        .max()
        .unwrap_or(0);
    let at = |v: &Option<Vec<(f64, f64)>>, i: usize| {
        let place = v.as_ref().and_then(|v| v.get(i).copied());
        place.filter(|(x, y)| x.is_finite() && y.is_finite() && (*x != 0.0 || *y != 0.0))
    };
    let nowhere = (f64::NAN, f64::NAN);
    Ok((0..n)
        .map(|i| {
            let (s, g, c) = (at(&source, i), at(&group, i), at(&cdp, i));
            match kind {
                MapKind::Sources => s.unwrap_or(nowhere),
                MapKind::Receivers => g.unwrap_or(nowhere),
                MapKind::Midpoints => c
                    .or_else(|| {
                        let ((sx, sy), (gx, gy)) = (s?, g?);
                        Some((f64::midpoint(sx, gx), f64::midpoint(sy, gy)))
                    })
                    .unwrap_or(nowhere),
            }
        })
        .collect())
}

/// What a coordinate scalar stands for: negative ones divide, 0 counts as 1.
fn factor(scalar: f64) -> f64 {
    if scalar < 0.0 {
        -1.0 / scalar
    } else if scalar > 0.0 {
        scalar
    } else {
        1.0
    }
}

/// The places of a few traces: of the gather on the screen.
///
/// # Errors
/// When headers cannot be read.
pub fn places_of(
    source: &dyn TraceSource,
    kind: MapKind,
    traces: &[u64],
) -> Result<Vec<(f64, f64)>, BrowseError> {
    let columns = Columns::of(source);
    places(&columns, kind, &mut |name| numbers_of(source, name, traces))
}

/// Reads the places of all traces, and the mean of column `value` at each; `None` once cancelled.
///
/// # Errors
/// When headers cannot be read.
pub fn read_point_map(
    source: &dyn TraceSource,
    kind: MapKind,
    value: Option<&str>,
    cancel: &CancelToken,
) -> Result<Option<PointMap>, BrowseError> {
    let columns = Columns::of(source);
    let n_traces = source.facts().n_traces;
    let one_in = if source.reads_headers_quickly() {
        1
    } else {
        n_traces.div_ceil(MOST_OF_A_FILE).max(1)
    };
    let mut cells = Cells::default();
    for part in parts(0..n_traces, PART) {
        let chosen: Vec<u64> = part
            .clone()
            .step_by(usize::try_from(one_in).unwrap_or(usize::MAX))
            .collect();
        if cancel.is_cancelled() {
            return Ok(None);
        }
        let mut read = |name: &str| {
            if one_in > 1 {
                return numbers_of(source, name, &chosen);
            }
            let mut values = Vec::new();
            source.read_numbers(name, part.clone(), &mut values)?;
            Ok(values)
        };
        let places = places(&columns, kind, &mut read)?;
        let values = value.map(&mut read).transpose()?;
        for (i, (&(x, y), &trace)) in places.iter().zip(&chosen).enumerate() {
            let value = values.as_ref().and_then(|v| v.get(i).copied());
            cells.put(x, y, value.unwrap_or(f64::NAN), trace);
        }
        if places.is_empty() {
            cells.n_without += chosen.len() as u64;
        }
    }
    Ok(Some(cells.finish(one_in)))
}

/// Places while they are gathered.
#[derive(Default)]
struct Cells {
    side: f64,
    index: HashMap<(i64, i64), usize>,
    all: Vec<Cell>,
    is_binned: bool,
    n_without: u64,
}

#[derive(Clone, Copy)]
struct Cell {
    key: (i64, i64),
    sum: (f64, f64),
    n: u32,
    value: f64,
    n_values: u32,
    first_trace: u64,
}

impl Cells {
    fn put(&mut self, x: f64, y: f64, value: f64, trace: u64) {
        if !(x.is_finite() && y.is_finite()) {
            self.n_without += 1;
            return;
        }
        if self.side <= 0.0 {
            let small = x.abs().max(y.abs()) <= 360.0;
            self.side = if small { FINE.1 } else { FINE.0 };
        }
        let one = Cell {
            key: (self.number(x), self.number(y)),
            sum: (x, y),
            n: 1,
            value: if value.is_finite() { value } else { 0.0 },
            n_values: u32::from(value.is_finite()),
            first_trace: trace,
        };
        self.add(one);
        while self.all.len() > MOST_POINTS {
            self.double();
        }
    }

    fn number(&self, x: f64) -> i64 {
        #[expect(clippy::cast_possible_truncation, reason = "saturates")]
        let number = (x / self.side).round() as i64;
        number
    }

    fn add(&mut self, cell: Cell) {
        let n = self.all.len();
        let at = *self.index.entry(cell.key).or_insert(n);
        match self.all.get_mut(at) {
            Some(known) => {
                known.sum.0 += cell.sum.0;
                known.sum.1 += cell.sum.1;
                known.n = known.n.saturating_add(cell.n);
                known.value += cell.value;
                known.n_values = known.n_values.saturating_add(cell.n_values);
            }
            None => self.all.push(cell),
        }
    }

    /// Puts four cells into one.
    fn double(&mut self) {
        self.side *= 2.0;
        self.is_binned = true;
        let before = std::mem::take(&mut self.all);
        self.index.clear();
        for mut cell in before {
            cell.key = (cell.key.0.div_euclid(2), cell.key.1.div_euclid(2));
            self.add(cell);
        }
    }

    fn finish(self, one_in: u64) -> PointMap {
        let points = self.all.iter().map(|cell| MapPoint {
            x: cell.sum.0 / f64::from(cell.n),
            y: cell.sum.1 / f64::from(cell.n),
            n_traces: cell.n,
            value: cell.value / f64::from(cell.n_values),
            first_trace: cell.first_trace,
        });
        PointMap {
            points: points.collect(),
            cell: self.side,
            is_binned: self.is_binned,
            one_in,
            n_without: self.n_without,
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::browse::fake::FakeSource;

    /// Ten shots 50 m apart, twelve receivers 25 m apart, coordinates in centimetres.
    fn survey() -> FakeSource {
        let n = 120_u64;
        let shot = |i: u64| 400_000 + (i / 12).cast_signed() * 50;
        let group = |i: u64| 400_000 + (i % 12).cast_signed() * 25;
        FakeSource::new(n, 2)
            .with_header("coordinate_scalar", (0..n).map(|_| -100))
            .with_header("source_coord_x", (0..n).map(|i| shot(i) * 100))
            .with_header("source_coord_y", (0..n).map(|_| 600_000_000))
            .with_header("group_coord_x", (0..n).map(|i| group(i) * 100))
            .with_header("group_coord_y", (0..n).map(|_| 600_000_000))
            .with_header("offset", (0..n).map(|i| group(i) - shot(i)))
    }

    fn map(source: &FakeSource, kind: MapKind, value: Option<&str>) -> PointMap {
        read_point_map(source, kind, value, &CancelToken::default())
            .unwrap()
            .unwrap()
    }

    #[test]
    fn sources_and_receivers_lie_where_scalars_put_them() {
        let source = survey();
        let sources = map(&source, MapKind::Sources, None);
        assert_eq!(sources.points.len(), 10);
        let third = sources.points[2];
        assert!((third.x - 400_100.0).abs() < 1e-6 && (third.y - 6e6).abs() < 1e-6);
        assert_eq!((third.n_traces, third.first_trace), (12, 24));
        assert!(!sources.is_binned && sources.n_without == 0);
        let receivers = map(&source, MapKind::Receivers, None);
        assert_eq!(receivers.points.len(), 12);
        assert!(receivers.points.iter().all(|p| p.n_traces == 10));
    }

    #[test]
    fn midpoints_count_their_fold_and_average_a_column() {
        let source = survey();
        let found = map(&source, MapKind::Midpoints, Some("offset"));
        let fold: u32 = found.points.iter().map(|p| p.n_traces).sum();
        assert_eq!(fold, 120);
        let (near, away) = found.nearest(400_050.0, 6e6).unwrap();
        assert!(away < 1e-6);
        // Shots 0, 50 and 100 with receivers 100, 50 and 0: offsets 100, 0, −100.
        assert_eq!(near.n_traces, 3);
        assert!(near.value.abs() < 1e-9);
    }

    #[test]
    fn the_gather_on_the_screen_has_its_places() {
        let source = survey();
        let found = places_of(&source, MapKind::Sources, &[25, 0]).unwrap();
        assert!((found[0].0 - 400_100.0).abs() < 1e-6);
        assert!((found[1].0 - 400_000.0).abs() < 1e-6);
    }

    #[test]
    fn traces_without_coordinates_are_counted_not_drawn() {
        let zero = FakeSource::new(5, 2)
            .with_header("source_coord_x", [0; 5])
            .with_header("source_coord_y", [0; 5]);
        let found = map(&zero, MapKind::Sources, None);
        assert!(found.points.is_empty());
        assert_eq!(found.n_without, 5);
        let nothing = map(&FakeSource::new(5, 2), MapKind::Midpoints, None);
        assert_eq!(nothing.n_without, 5);
    }

    #[test]
    fn too_many_places_come_together_in_cells() {
        let mut cells = Cells::default();
        let side: u32 = 600;
        for i in 0..side * side {
            let (x, y) = (f64::from(i % side), f64::from(i / side));
            cells.put(5000.0 + x, 9000.0 + y, 1.0, u64::from(i));
        }
        let found = cells.finish(1);
        assert!(found.is_binned && found.points.len() <= MOST_POINTS);
        assert!(found.points.len() > MOST_POINTS / 8);
        let all: u64 = found.points.iter().map(|p| u64::from(p.n_traces)).sum();
        assert_eq!(all, u64::from(side * side));
    }
}
