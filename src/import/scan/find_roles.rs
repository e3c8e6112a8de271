//! Where does each thing lie? Places are proposed by the standard, the textual header, known
//! conventions and a search; the sampled headers judge them.
//!
//! ```text
//! proposals ─► evidence (place, shape, agreement) ─► ranked candidates ─► suggestion
//! ```
//! The standard's place stands unless nothing stands there: a suggestion must never make worse
//! what was right.

mod cdp_coordinates;
mod lines;
mod offset;
mod places;
mod single;

use super::evidence::Evidence;
use super::header_sample::HeaderSample;
use super::presets::PRESETS;
use super::shape::{GridFit, Profile};
use super::text_places::{TextClaim, claims};
use super::{Role, RoleCandidate, RoleFound};
use crate::import::MappedColumn;
use crate::segy::FieldKind;
use crate::segy::fields_trace::find_trace_field;

/// Candidates that are reported.
const MAX_CANDIDATES: usize = 5;
/// Below this a place that only a search proposes is not reported.
const WORTH_SAYING: f64 = 0.15;
/// From here on another place than the standard's is suggested.
const SURE_ENOUGH: f64 = 0.5;

/// What was found.
#[derive(Clone, Debug, Default)]
pub(super) struct FoundRoles {
    pub(super) roles: Vec<RoleFound>,
    /// The convention that the file follows, with why.
    pub(super) maker: Option<String>,
    /// Whether traces of several offsets are there, or sources apart from receivers.
    pub(super) is_prestack: bool,
}

impl FoundRoles {
    /// The columns that are suggested elsewhere than the standard has them.
    pub(super) fn moved_columns(&self) -> impl Iterator<Item = MappedColumn> + '_ {
        let moved = self.roles.iter().filter(|found| found.moved);
        moved.filter_map(|found| found.suggested.clone())
    }
}

/// A byte and a type.
type Place = (u16, FieldKind);

/// Judges by sampled headers and the lines of the textual header.
pub(super) fn find_roles(sample: &HeaderSample, text_lines: &[String]) -> FoundRoles {
    let finder = Finder::new(sample, text_lines);
    let lines = finder.lines();
    let cdp = finder.cdp_coordinates(&lines);
    let moved_lines = finder.moved_pair(&lines, Role::Inline, Role::Crossline);
    let moved_cdp = finder.moved_pair(&cdp, Role::CdpX, Role::CdpY);
    let mut roles = Vec::new();
    for role in Role::ALL {
        let of_pairs = |pairs: &[Pair], side: Side, moved: Option<&Pair>| {
            let candidates = pairs.iter().map(|pair| finder.candidate(pair, side));
            found(role, candidates.collect(), Decision::of(moved, side))
        };
        roles.push(match role {
            Role::Inline => of_pairs(&lines, Side::First, moved_lines),
            Role::Crossline => of_pairs(&lines, Side::Second, moved_lines),
            Role::CdpX => of_pairs(&cdp, Side::First, moved_cdp),
            Role::CdpY => of_pairs(&cdp, Side::Second, moved_cdp),
            Role::Offset => found(role, finder.offsets(), Decision::ByItself),
            Role::FieldRecord
            | Role::SourcePoint
            | Role::Ensemble
            | Role::TraceInEnsemble
            | Role::SourceX
            | Role::SourceY
            | Role::GroupX
            | Role::GroupY
            | Role::CoordinateScalar
            | Role::Delay => found(role, finder.single(role), Decision::ByItself),
        });
    }
    let maker = finder.maker(&roles);
    FoundRoles {
        roles,
        maker,
        is_prestack: finder.is_prestack,
    }
}

/// The standard's place.
fn standard(role: Role) -> Place {
    find_trace_field(role.column()).map_or((1, FieldKind::I32), |field| (field.byte, field.kind))
}

/// A judged pair of places: lines, or x and y.
#[derive(Clone, Debug)]
struct Pair {
    first: Place,
    second: Place,
    /// Of each place: its own reasons and the shared ones.
    evidence: [Evidence; 2],
    grid: Option<GridFit>,
    /// Nothing but zeros in both.
    is_empty: bool,
    /// The text names both, or a worded convention does, or the coordinates agree.
    is_backed: bool,
}

/// Whether a role moves to another place than the standard's.
#[derive(Clone, Copy, Debug)]
enum Decision {
    /// By its own candidates.
    ByItself,
    Stays,
    MovesTo(Place),
}

impl Decision {
    /// Of a pair that moves, or does not.
    fn of(moved: Option<&Pair>, side: Side) -> Self {
        moved.map_or(Self::Stays, |pair| Self::MovesTo(pair.place(side)))
    }
}

/// Which place of a pair.
#[derive(Clone, Copy, Debug)]
enum Side {
    First,
    Second,
}

impl Pair {
    fn place(&self, side: Side) -> Place {
        match side {
            Side::First => self.first,
            Side::Second => self.second,
        }
    }

    fn evidence(&self, side: Side) -> &Evidence {
        let [first, second] = &self.evidence;
        match side {
            Side::First => first,
            Side::Second => second,
        }
    }

    fn score(&self) -> f64 {
        let [first, second] = &self.evidence;
        first.score().min(second.score())
    }
}

struct Finder<'a> {
    sample: &'a HeaderSample,
    claims: Vec<TextClaim>,
    /// In upper case.
    text: String,
    is_prestack: bool,
}

/// A candidate before it is ranked.
struct Judged {
    place: Place,
    evidence: Evidence,
    may_move: bool,
}

/// The candidates, ranked. Of a pair, both places are decided together.
fn found(role: Role, mut judged: Vec<(RoleCandidate, bool)>, decision: Decision) -> RoleFound {
    let own = standard(role);
    let is_own = |candidate: &RoleCandidate| (candidate.byte, candidate.kind) == own;
    judged.sort_by(|(a, _), (b, _)| b.score.total_cmp(&a.score));
    let mut seen = Vec::new();
    judged.retain(|(candidate, _)| {
        let is_new = !seen.contains(&(candidate.byte, candidate.kind));
        seen.push((candidate.byte, candidate.kind));
        is_new && (is_own(candidate) || candidate.score >= WORTH_SAYING)
    });
    let standing = judged.iter().find(|(candidate, _)| is_own(candidate));
    let says_something = standing.is_some_and(|(own, _)| own.min != 0.0 || own.max != 0.0);
    let standing_score = standing.map_or(0.0, |(own, _)| own.score);
    let is_better = |(candidate, may_move): &(RoleCandidate, bool)| {
        *may_move
            && !is_own(candidate)
            && candidate.score >= SURE_ENOUGH
            && (!says_something || candidate.score > standing_score + 0.3)
    };
    let better = match decision {
        Decision::ByItself => judged.iter().position(is_better),
        Decision::Stays => None,
        Decision::MovesTo(place) => {
            let is_it = |(c, _): &(RoleCandidate, bool)| (c.byte, c.kind) == place;
            judged.iter().position(is_it)
        }
    };
    let chosen = better.or_else(|| judged.iter().position(|(candidate, _)| is_own(candidate)));
    if let Some(at) = chosen {
        // What is suggested stands first.
        let suggested = judged.remove(at);
        judged.insert(0, suggested);
    }
    judged.truncate(MAX_CANDIDATES);
    let first = judged
        .first()
        .filter(|(first, _)| better.is_some() || first.min != 0.0 || first.max != 0.0);
    RoleFound {
        role,
        name: role.column(),
        title: role.title(),
        suggested: first.map(|(first, _)| MappedColumn {
            name: role.column().to_owned(),
            byte: first.byte,
            kind: first.kind,
        }),
        moved: better.is_some(),
        candidates: judged.into_iter().map(|(candidate, _)| candidate).collect(),
    }
}

impl<'a> Finder<'a> {
    fn new(sample: &'a HeaderSample, text_lines: &[String]) -> Self {
        let mut finder = Self {
            sample,
            claims: claims(text_lines),
            text: text_lines.join("\n").to_uppercase(),
            is_prestack: false,
        };
        finder.is_prestack = finder.is_prestack();
        finder
    }

    fn values(&self, place: Place) -> Vec<f64> {
        self.sample.column(place.0, place.1)
    }

    fn profile(&self, values: &[f64]) -> Profile {
        Profile::of(values, &self.sample.stretches)
    }

    /// Whether traces of several offsets, or with sources apart from receivers, are there.
    fn is_prestack(&self) -> bool {
        let offset = self.profile(&self.values(standard(Role::Offset)));
        let apart = |a: Role, b: Role| {
            let (a, b) = (self.values(standard(a)), self.values(standard(b)));
            let n = a
                .iter()
                .zip(&b)
                .filter(|(a, b)| a.to_bits() != b.to_bits() && **a != 0.0 && **b != 0.0);
            n.count() * 2 > a.len()
        };
        offset.n_distinct > 2
            || apart(Role::SourceX, Role::GroupX)
            || apart(Role::SourceY, Role::GroupY)
    }

    /// A place's candidate, with the evidence of its pair.
    fn candidate(&self, pair: &Pair, side: Side) -> (RoleCandidate, bool) {
        self.ranked(&Judged {
            place: pair.place(side),
            evidence: pair.evidence(side).clone(),
            may_move: false,
        })
    }

    /// The pair of places that is suggested instead of the standard's: only where that holds
    /// nothing, or much less speaks for it.
    fn moved_pair<'p>(&self, pairs: &'p [Pair], first: Role, second: Role) -> Option<&'p Pair> {
        let own = (standard(first), standard(second));
        let is_own = |pair: &&Pair| (pair.first, pair.second) == own;
        let standing = pairs.iter().find(is_own)?;
        let best = pairs
            .iter()
            .filter(|pair| !is_own(pair) && pair.score() >= SURE_ENOUGH)
            .filter(|pair| pair.is_backed || (pair.grid.is_some() && !self.is_prestack))
            .max_by(|a, b| a.score().total_cmp(&b.score()))?;
        let much_better = best.score() > standing.score() + 0.3;
        (standing.is_empty || much_better).then_some(best)
    }

    fn ranked(&self, judged: &Judged) -> (RoleCandidate, bool) {
        let profile = self.profile(&self.values(judged.place));
        let candidate = RoleCandidate {
            byte: judged.place.0,
            kind: judged.place.1,
            score: (judged.evidence.score() * 1000.0).round() / 1000.0,
            reasons: judged.evidence.reasons(),
            min: profile.min,
            max: profile.max,
            first: profile.first,
            n_distinct: profile.n_distinct,
            n_runs: profile.n_runs,
            n_seen: self.sample.len() as u64,
            estimated: !self.sample.is_whole_file,
        };
        (candidate, judged.may_move)
    }

    /// The convention whose places were chosen, with why.
    fn maker(&self, roles: &[RoleFound]) -> Option<String> {
        let own_places = PRESETS.iter().filter(|preset| !preset.places.is_empty());
        own_places.into_iter().find_map(|preset| {
            let word = preset.word_in(&self.text);
            let is_chosen = |(role, byte): &(Role, u16)| {
                roles.iter().any(|found| {
                    let place = found.suggested.as_ref();
                    found.role == *role && place.is_some_and(|place| place.byte == *byte)
                })
            };
            let lines_chosen = preset.places.iter().take(2).all(is_chosen);
            let moved = roles.iter().any(|found| found.moved);
            match word {
                Some(word) => Some(format!(
                    "{}: the text header says \"{}\"",
                    preset.name,
                    word.trim()
                )),
                None if lines_chosen && moved => {
                    Some(format!("{}: its places hold a grid", preset.name))
                }
                None => None,
            }
        })
    }
}

/// Whether a step is a small number read in the other byte order.
fn is_swapped(step: f64) -> bool {
    step >= 65_536.0 && step % 65_536.0 == 0.0
}

#[cfg(test)]
mod tests;
