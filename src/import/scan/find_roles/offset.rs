//! Where does the offset lie? A word that is the distance of source and receiver.

use super::single::by_shape;
use super::{Finder, Judged, standard};
use crate::import::scan::evidence::Evidence;
use crate::import::scan::{Role, RoleCandidate};
use crate::segy::FieldKind;

/// Where the standard counts (trace, record, channel, source point, ensemble): with receivers one
/// unit apart a channel number looks like an offset.
const COUNTERS: [u16; 7] = [1, 5, 9, 13, 17, 21, 25];

impl Finder<'_> {
    /// The distance of source and receiver in each trace, each trace's scalar applied; `None`
    /// where they do not lie apart.
    fn distances(&self) -> Option<Vec<f64>> {
        if !self.is_prestack {
            return None;
        }
        let of = |role: Role| self.values(standard(role));
        let (sx, sy, gx, gy) = (
            of(Role::SourceX),
            of(Role::SourceY),
            of(Role::GroupX),
            of(Role::GroupY),
        );
        let scalars = match self.sample.coordinate_scalar.constant() {
            Some(constant) => vec![f64::from(constant); self.sample.len()],
            None => of(Role::CoordinateScalar),
        };
        let distances: Vec<f64> = (0..self.sample.len())
            .map(|i| {
                let distance = (sx[i] - gx[i]).hypot(sy[i] - gy[i]);
                match scalars[i] {
                    s if s < 0.0 => distance / -s,
                    s if s > 0.0 => distance * s,
                    _ => distance,
                }
            })
            .collect();
        let profile = self.profile(&distances);
        (profile.n_distinct > 2).then_some(distances)
    }

    /// The part of traces whose offset the coordinates reproduce.
    pub(super) fn reproduced(&self) -> Option<f64> {
        let distances = self.distances()?;
        let offsets = self.values(standard(Role::Offset));
        (!self.profile(&offsets).is_zero()).then(|| share_reproduced(&offsets, &distances))
    }

    /// Places of the offset.
    pub(super) fn offsets(&self) -> Vec<(RoleCandidate, bool)> {
        let distances = self.distances();
        let mut places = vec![standard(Role::Offset)];
        places.extend(
            self.claims
                .iter()
                .filter(|claim| claim.role == Role::Offset)
                .map(|claim| (claim.byte, claim.kind)),
        );
        let n_proposed = places.len();
        if distances.is_some() {
            let last = u16::try_from(self.sample.stride.saturating_sub(3)).unwrap_or(237);
            let searched = (1..=last)
                .step_by(2)
                .filter(|byte| !COUNTERS.contains(byte));
            places.extend(searched.map(|byte| (byte, FieldKind::I32)));
        }
        let mut judged = Vec::new();
        for (i, place) in places.into_iter().enumerate() {
            let values = self.values(place);
            let profile = self.profile(&values);
            let share = distances
                .as_ref()
                .map_or(0.0, |distances| share_reproduced(&values, distances));
            let agrees = share >= 0.9 && profile.n_distinct > 2;
            if i >= n_proposed && !agrees {
                continue;
            }
            let mut evidence = Evidence::default();
            let is_backed = self.by_place(Role::Offset, place, &mut evidence);
            by_shape(Role::Offset, &profile, self.sample.len(), &mut evidence);
            if agrees {
                evidence.speaks_for(
                    0.5,
                    format!(
                        "source and receiver coordinates reproduce it in {:.0} % of traces",
                        share * 100.0
                    ),
                );
            }
            judged.push(self.ranked(&Judged {
                place,
                evidence,
                may_move: (is_backed || agrees) && !profile.is_zero(),
            }));
        }
        judged
    }
}

/// The part of traces in which a value is the distance, within 2 % or one unit.
fn share_reproduced(values: &[f64], distances: &[f64]) -> f64 {
    let good = values
        .iter()
        .zip(distances)
        .filter(|(value, distance)| {
            (value.abs() - **distance).abs() <= (distance.abs() * 0.02).max(1.0)
        })
        .count();
    good as f64 / values.len().max(1) as f64
}
