//! Where does a thing lie that one word tells by itself: a record, a source point, a scalar?

use super::{Finder, Judged, standard};
use crate::import::scan::evidence::Evidence;
use crate::import::scan::presets::PRESETS;
use crate::import::scan::shape::Profile;
use crate::import::scan::{Role, RoleCandidate};
use crate::wording;

impl Finder<'_> {
    /// Places of a role that stands for itself.
    pub(super) fn single(&self, role: Role) -> Vec<(RoleCandidate, bool)> {
        let mut places = vec![standard(role)];
        places.extend(
            self.claims
                .iter()
                .filter(|claim| claim.role == role)
                .map(|claim| (claim.byte, claim.kind)),
        );
        places.extend(
            PRESETS
                .iter()
                .filter_map(|preset| Some((preset.byte_of(role)?, standard(role).1))),
        );
        let reproduced = self.reproduced();
        let mut judged = Vec::new();
        for place in places {
            // The standard's own word for shotpoints, a column of its own.
            if role == Role::SourcePoint && place.0 == 197 {
                continue;
            }
            let mut evidence = Evidence::default();
            let is_backed = self.by_place(role, place, &mut evidence);
            let profile = self.profile(&self.values(place));
            by_shape(role, &profile, self.sample.len(), &mut evidence);
            let is_coordinate = matches!(
                role,
                Role::SourceX | Role::SourceY | Role::GroupX | Role::GroupY
            );
            if is_coordinate
                && place == standard(role)
                && reproduced.is_some_and(|share| share >= 0.9)
            {
                evidence.speaks_for(0.5, "sources and receivers reproduce the offset");
            }
            judged.push(self.ranked(&Judged {
                place,
                evidence,
                may_move: is_backed && !profile.is_zero(),
            }));
        }
        judged
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "all other roles have no shape of their own"
)]
pub(super) fn by_shape(role: Role, profile: &Profile, n_traces: usize, evidence: &mut Evidence) {
    if profile.is_zero() {
        evidence.speaks_against(0.1, "zero in all traces looked at");
        return;
    }
    let runs = wording::things(profile.n_runs, "run");
    let gathers = profile.typical_run >= 2 && !profile.is_constant();
    let order = match (profile.ascending, profile.descending) {
        (true, false) => ", ascending",
        (false, true) => ", descending",
        _ => "",
    };
    match role {
        Role::CoordinateScalar | Role::Delay if profile.is_constant() => {
            evidence.speaks_for(0.3, format!("always {}", profile.first));
        }
        _ if profile.is_constant() && n_traces > 1 => {
            evidence.speaks_for(0.1, format!("always {}", profile.first));
        }
        Role::FieldRecord | Role::SourcePoint | Role::Ensemble if gathers => {
            evidence.speaks_for(
                0.4,
                format!(
                    "{runs} of about {}{order}",
                    wording::things(profile.typical_run as u64, "trace")
                ),
            );
        }
        _ => evidence.speaks_for(
            0.25,
            format!(
                "{} in {runs}{order}",
                wording::things(profile.n_distinct, "value")
            ),
        ),
    }
}
