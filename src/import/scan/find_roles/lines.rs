//! Where do inline and crossline lie? Two words that count a grid.

use super::cdp_coordinates::on_plane;
use super::{Finder, Pair, Place, is_swapped, standard};
use crate::import::scan::Role;
use crate::import::scan::evidence::Evidence;
use crate::import::scan::shape::{GridFit, Profile, grid};
use crate::segy::FieldKind;

/// Coordinates of the sampled traces, and where they stand.
struct TrialCoordinates {
    bytes: [u16; 2],
    x: Vec<f64>,
    y: Vec<f64>,
}

impl Finder<'_> {
    /// Places of inline and crossline, best first.
    pub(super) fn lines(&self) -> Vec<Pair> {
        let coordinates = self.trial_coordinates();
        let judged = |places: Vec<(Place, Place)>| -> Vec<Pair> {
            let pairs = places.into_iter();
            pairs
                .map(|(a, b)| self.judged_lines(a, b, &coordinates))
                .collect()
        };
        let proposed = self.proposed(Role::Inline, Role::Crossline);
        let mut pairs = judged(proposed.clone());
        if pairs.iter().all(|pair| pair.grid.is_none()) {
            pairs.extend(judged(self.searched_lines(&proposed)));
        }
        pairs.sort_by(|a, b| b.score().total_cmp(&a.score()));
        pairs
    }

    fn judged_lines(&self, first: Place, second: Place, coordinates: &[TrialCoordinates]) -> Pair {
        let mut of_first = Evidence::default();
        let mut of_second = Evidence::default();
        let mut evidence = Evidence::default();
        let backed_first = self.by_place(Role::Inline, first, &mut of_first);
        let backed_second = self.by_place(Role::Crossline, second, &mut of_second);
        let mut is_backed = backed_first && backed_second;
        let (a, b) = (self.values(first), self.values(second));
        let (pa, pb) = (self.profile(&a), self.profile(&b));
        let varies = !pa.is_constant() && !pb.is_constant();
        let fit = grid(&a, &b, &self.sample.stretches).filter(|_| varies);
        if pa.is_zero() && pb.is_zero() {
            evidence.speaks_against(0.05, "zero in all traces looked at");
        } else if pa.is_constant() && pb.is_constant() && self.sample.len() > 1 {
            evidence.speaks_against(0.3, "neither changes in the traces looked at");
        } else if a == b {
            evidence.speaks_against(0.1, "both are the same");
        } else if let Some(fit) = fit {
            evidence.speaks_for(0.45, grid_words(&fit));
        } else if pa.is_constant() != pb.is_constant() {
            evidence.speaks_for(0.2, "one is constant, the other changes");
        } else {
            evidence.speaks_for(0.1, "they change");
        }
        if fit.is_some_and(|fit| is_swapped(fit.slow_step) && is_swapped(fit.fast_step)) {
            evidence.speaks_against(
                0.2,
                "steps of whole powers of two: numbers in the other byte order",
            );
        }
        let largest = [pa.min, pa.max, pb.min, pb.max].map(f64::abs);
        if largest.into_iter().any(|value| value >= 1e6) {
            evidence.speaks_against(0.2, "too large for line numbers");
        }
        let own = [first.0, second.0];
        let agrees = coordinates
            .iter()
            .filter(|trial| !trial.bytes.iter().any(|byte| own.contains(byte)))
            .any(|trial| on_plane(&trial.x, &trial.y, &a, &b));
        if agrees && (fit.is_some() || is_backed) && !self.is_prestack {
            is_backed = true;
            evidence.speaks_for(0.5, "coordinates are linear in them");
        }
        if self.is_prestack && !is_backed && first != standard(Role::Inline) {
            evidence.speaks_against(0.3, "before stack, shots and channels count like this, too");
        }
        Pair {
            first,
            second,
            evidence: [of_first.with(&evidence), of_second.with(&evidence)],
            grid: fit,
            is_empty: pa.is_zero() && pb.is_zero(),
            is_backed,
        }
    }

    /// Columns that look like lines, wherever they are: few, so that a look stays quick.
    fn searched_lines(&self, known: &[(Place, Place)]) -> Vec<(Place, Place)> {
        let columns: Vec<(u16, Vec<f64>, Profile)> = (0..(self.sample.stride / 4).min(240))
            .filter_map(|word| u16::try_from(word * 4 + 1).ok())
            .map(|byte| {
                let values = self.values((byte, FieldKind::I32));
                let profile = self.profile(&values);
                (byte, values, profile)
            })
            .filter(|(_, _, profile)| !profile.is_constant())
            .filter(|(_, _, profile)| profile.min.abs().max(profile.max.abs()) < 1e7)
            .collect();
        let n = self.sample.len() as u64;
        let slow = || {
            columns
                .iter()
                .filter(|(_, _, p)| p.typical_run >= 3 && p.n_runs * 3 <= n)
                .take(8)
        };
        let fast = || {
            columns
                .iter()
                .filter(|(_, _, p)| p.n_distinct >= 3 && p.n_runs * 16 >= n)
                .take(12)
        };
        let mut found = Vec::new();
        for (slow_byte, slow_values, _) in slow() {
            for (fast_byte, fast_values, _) in fast().filter(|(byte, ..)| byte != slow_byte) {
                let place = |byte: &u16| (*byte, FieldKind::I32);
                let pair = (place(slow_byte), place(fast_byte));
                let turned = (pair.1, pair.0);
                let is_new = !known.contains(&pair) && !known.contains(&turned);
                let fits = grid(slow_values, fast_values, &self.sample.stretches);
                if is_new && fits.is_some_and(|fit| fit.first_is_slow) {
                    found.push(pair);
                }
            }
        }
        found.truncate(6);
        found
    }

    /// Coordinates that lines may be compared with.
    fn trial_coordinates(&self) -> Vec<TrialCoordinates> {
        self.proposed(Role::CdpX, Role::CdpY)
            .into_iter()
            .map(|(x, y)| TrialCoordinates {
                bytes: [x.0, y.0],
                x: self.values(x),
                y: self.values(y),
            })
            .filter(|trial| {
                let varies = |values| !self.profile(values).is_constant();
                varies(&trial.x) || varies(&trial.y)
            })
            .collect()
    }
}

fn grid_words(fit: &GridFit) -> String {
    let fold = if fit.fold > 1.5 {
        format!(", about {:.0} traces at each crossing", fit.fold)
    } else {
        String::new()
    };
    let step = |step: f64| match step {
        0.0 => "no step seen".to_owned(),
        step => format!("steps of {step}"),
    };
    let (first, second) = if fit.first_is_slow {
        (fit.slow_step, fit.fast_step)
    } else {
        (fit.fast_step, fit.slow_step)
    };
    format!(
        "inline and crossline count a grid ({} and {}){fold}",
        step(first),
        step(second)
    )
}
