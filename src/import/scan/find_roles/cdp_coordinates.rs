//! Where do the CDP coordinates lie? Two words that are linear in the lines.

use super::{Finder, Pair, Place, is_swapped, standard};
use crate::import::scan::Role;
use crate::import::scan::evidence::Evidence;
use crate::import::scan::shape::distance_from_plane;
use crate::segy::FieldKind;

/// Coordinates on a plane over the lines, within this part of their range.
const ON_THE_PLANE: f64 = 0.01;

/// The lines that seem right, and every byte where lines may stand.
struct KnownLines {
    inline: Vec<f64>,
    crossline: Vec<f64>,
    bytes: Vec<u16>,
}

impl Finder<'_> {
    /// Places of the CDP coordinates, best first.
    pub(super) fn cdp_coordinates(&self, pairs: &[Pair]) -> Vec<Pair> {
        let lines =
            pairs
                .first()
                .filter(|lines| lines.grid.is_some() && !self.is_prestack)
                .map(|lines| KnownLines {
                    inline: self.values(lines.first),
                    crossline: self.values(lines.second),
                    // Coordinates of a volume along the axes count a grid, too.
                    bytes: pairs
                        .iter()
                        .take(1)
                        .chain(pairs.iter().filter(|pair| {
                            pair.grid.is_some() && pair.first == standard(Role::Inline)
                        }))
                        .flat_map(|pair| [pair.first.0, pair.second.0])
                        .collect(),
                });
        let mut places = self.proposed(Role::CdpX, Role::CdpY);
        let floats: Vec<(Place, Place)> = places
            .iter()
            .filter(|(x, y)| self.may_be_floats(*x) && self.may_be_floats(*y))
            .flat_map(|(x, y)| {
                [FieldKind::F32, FieldKind::Ibm32].map(|kind| ((x.0, kind), (y.0, kind)))
            })
            .collect();
        places.extend(floats);
        let mut pairs: Vec<Pair> = places
            .into_iter()
            .map(|(first, second)| self.judged_coordinates(first, second, lines.as_ref()))
            .collect();
        pairs.sort_by(|a, b| b.score().total_cmp(&a.score()));
        pairs
    }

    fn judged_coordinates(&self, first: Place, second: Place, lines: Option<&KnownLines>) -> Pair {
        let mut of_first = Evidence::default();
        let mut of_second = Evidence::default();
        let mut evidence = Evidence::default();
        let mut is_backed = self.by_place(Role::CdpX, first, &mut of_first);
        is_backed &= self.by_place(Role::CdpY, second, &mut of_second);
        let (x, y) = (self.values(first), self.values(second));
        let (px, py) = (self.profile(&x), self.profile(&y));
        if px.is_zero() && py.is_zero() {
            evidence.speaks_against(0.05, "zero in all traces looked at");
        } else if px.is_constant() && py.is_constant() && self.sample.len() > 1 {
            evidence.speaks_against(0.5, "neither changes in the traces looked at");
        } else {
            evidence.speaks_for(0.15, "they change");
        }
        if first.1 == FieldKind::I32 && self.may_be_floats(first) && self.may_be_floats(second) {
            evidence.speaks_against(
                0.25,
                "as integers they are too large; they read as floating-point numbers",
            );
        }
        if matches!(first.1, FieldKind::F32 | FieldKind::Ibm32) && !self.is_plausible_float(first) {
            evidence.speaks_against(0.2, "no plausible coordinates of this type");
        }
        if [&x, &y].iter().any(|values| are_swapped(values)) {
            evidence.speaks_against(0.1, "whole powers of two: numbers in the other byte order");
        }
        match lines {
            Some(lines) if lines.bytes.contains(&first.0) || lines.bytes.contains(&second.0) => {
                evidence.speaks_against(0.05, "line numbers stand there");
            }
            Some(lines) if on_plane(&x, &y, &lines.inline, &lines.crossline) => {
                is_backed = true;
                evidence.speaks_for(0.5, "linear in inline and crossline");
            }
            Some(_) | None => {}
        }
        if self.is_prestack && [73, 81].contains(&first.0) {
            evidence.speaks_against(0.3, "sources and receivers lie apart there");
            is_backed = false;
        }
        Pair {
            first,
            second,
            evidence: [of_first.with(&evidence), of_second.with(&evidence)],
            grid: None,
            is_empty: px.is_zero() && py.is_zero(),
            is_backed,
        }
    }

    /// Whether four bytes read as an integer are so large that they may be a float.
    fn may_be_floats(&self, place: Place) -> bool {
        if place.1 != FieldKind::I32 {
            return false;
        }
        let values = self.values(place);
        let others = values.iter().filter(|v| **v != 0.0);
        let (n, large) = others.fold((0, 0), |(n, large), v| {
            (n + 1, large + i32::from(v.abs() > 9e8))
        });
        n > 0
            && large * 10 >= n * 9
            && [FieldKind::F32, FieldKind::Ibm32]
                .iter()
                .any(|kind| self.is_plausible_float((place.0, *kind)))
    }

    fn is_plausible_float(&self, place: Place) -> bool {
        let values = self.values(place);
        let n = values.iter().filter(|v| **v != 0.0).count();
        let good = values
            .iter()
            .filter(|v| (1.0..1e8).contains(&v.abs()))
            .count();
        n > 0 && good * 10 >= n * 9
    }
}

/// Whether all values are small numbers read in the other byte order.
fn are_swapped(values: &[f64]) -> bool {
    let mut others = values.iter().filter(|value| **value != 0.0).peekable();
    others.peek().is_some() && others.all(|value| is_swapped(value.abs()))
}

pub(super) fn on_plane(x: &[f64], y: &[f64], a: &[f64], b: &[f64]) -> bool {
    let fits = |values| distance_from_plane(values, a, b).map(|distance| distance <= ON_THE_PLANE);
    match (fits(x), fits(y)) {
        (None, None) => false,
        (x, y) => x.unwrap_or(true) && y.unwrap_or(true),
    }
}
