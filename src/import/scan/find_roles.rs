//! Where does each thing lie? Places are proposed by the standard, the textual header, known
//! conventions and a search; the sampled headers judge them.
//!
//! ```text
//! proposals ─► evidence (place, shape, agreement) ─► ranked candidates ─► suggestion
//! ```
//! The standard's place stands unless nothing stands there: a suggestion must never make worse
//! what was right.

use super::evidence::Evidence;
use super::header_sample::HeaderSample;
use super::presets::{PRESETS, Preset};
use super::shape::{GridFit, Profile, distance_from_plane, grid};
use super::text_places::{TextClaim, claims};
use super::{Role, RoleCandidate, RoleFound};
use crate::import::MappedColumn;
use crate::segy::FieldKind;
use crate::segy::fields_trace::find_trace_field;
use crate::wording;

/// Candidates that are reported.
const MAX_CANDIDATES: usize = 5;
/// Below this a place that only a search proposes is not reported.
const WORTH_SAYING: f64 = 0.15;
/// From here on another place than the standard's is suggested.
const SURE_ENOUGH: f64 = 0.5;
/// Coordinates on a plane over the lines, within this part of their range.
const ON_THE_PLANE: f64 = 0.01;

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
            found(
                role,
                candidates.collect(),
                Some(moved.map(|pair| pair.place(side))),
            )
        };
        roles.push(match role {
            Role::Inline => of_pairs(&lines, Side::First, moved_lines),
            Role::Crossline => of_pairs(&lines, Side::Second, moved_lines),
            Role::CdpX => of_pairs(&cdp, Side::First, moved_cdp),
            Role::CdpY => of_pairs(&cdp, Side::Second, moved_cdp),
            Role::Offset => found(role, finder.offsets(), None),
            Role::FieldRecord
            | Role::SourcePoint
            | Role::Ensemble
            | Role::TraceInEnsemble
            | Role::SourceX
            | Role::SourceY
            | Role::GroupX
            | Role::GroupY
            | Role::CoordinateScalar
            | Role::Delay => found(role, finder.single(role), None),
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

/// Coordinates of the sampled traces, and where they stand.
struct TrialCoordinates {
    bytes: [u16; 2],
    x: Vec<f64>,
    y: Vec<f64>,
}

/// The lines that seem right, and every byte where lines may stand.
struct KnownLines {
    inline: Vec<f64>,
    crossline: Vec<f64>,
    bytes: Vec<u16>,
}

/// A candidate before it is ranked.
struct Judged {
    place: Place,
    evidence: Evidence,
    may_move: bool,
}

/// The candidates, ranked. `decided`: of a pair, where both move to, if they move.
fn found(
    role: Role,
    mut judged: Vec<(RoleCandidate, bool)>,
    decided: Option<Option<Place>>,
) -> RoleFound {
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
    let better = match decided {
        None => judged.iter().position(is_better),
        Some(moved) => moved.and_then(|place| {
            let is_it = |(c, _): &(RoleCandidate, bool)| (c.byte, c.kind) == place;
            judged.iter().position(is_it)
        }),
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
                .filter(|(a, b)| a != b && **a != 0.0 && **b != 0.0);
            n.count() * 2 > a.len()
        };
        offset.n_distinct > 2
            || apart(Role::SourceX, Role::GroupX)
            || apart(Role::SourceY, Role::GroupY)
    }

    /// A place's candidate, with the evidence of its pair.
    fn candidate(&self, pair: &Pair, side: Side) -> (RoleCandidate, bool) {
        self.ranked(Judged {
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

    fn ranked(&self, judged: Judged) -> (RoleCandidate, bool) {
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

    /// What speaks for a place by where it is: the standard, the text, a convention. Gives whether
    /// words of the file back it.
    fn by_place(&self, role: Role, place: Place, evidence: &mut Evidence) -> bool {
        let mut is_backed = false;
        let own = standard(role);
        if place == own {
            evidence.speaks_for(0.4, "the standard's place");
        }
        if let Some(claim) = self.claim(role, place.0) {
            let weight = if claim.is_explicit { 0.4 } else { 0.2 };
            is_backed = claim.is_explicit;
            let quote = claim.quote.split_whitespace().collect::<Vec<_>>().join(" ");
            evidence.speaks_for(
                weight,
                format!("the text header says \"{quote}\" (line {})", claim.line),
            );
        }
        let with_words = self.worded_preset(role, place.0);
        if let Some((preset, word)) = with_words {
            is_backed = true;
            evidence.speaks_for(
                0.3,
                format!(
                    "{} files have it there, and the text header says \"{word}\"",
                    preset.name
                ),
            );
        } else if let Some(preset) = PRESETS
            .iter()
            .find(|preset| preset.byte_of(role) == Some(place.0))
        {
            evidence.speaks_for(0.1, format!("a known convention ({})", preset.name));
        }
        is_backed
    }

    fn claim(&self, role: Role, byte: u16) -> Option<&TextClaim> {
        self.claims
            .iter()
            .filter(|claim| claim.role == role && claim.byte == byte)
            .max_by_key(|claim| claim.is_explicit)
    }

    fn worded_preset(&self, role: Role, byte: u16) -> Option<(&'static Preset, &'static str)> {
        PRESETS
            .iter()
            .filter(|preset| preset.byte_of(role) == Some(byte))
            .find_map(|preset| Some((preset, preset.word_in(&self.text)?)))
    }

    /// Pairs of places proposed for two roles: standard, text, conventions; each once.
    fn proposed(&self, first: Role, second: Role) -> Vec<(Place, Place)> {
        let of = |role: Role| self.claims.iter().filter(move |claim| claim.role == role);
        let mut pairs = vec![(standard(first), standard(second))];
        for a in of(first) {
            for b in of(second).filter(|b| b.byte != a.byte) {
                pairs.push(((a.byte, a.kind), (b.byte, b.kind)));
            }
        }
        for preset in PRESETS {
            if let (Some(a), Some(b)) = (preset.byte_of(first), preset.byte_of(second)) {
                pairs.push(((a, FieldKind::I32), (b, FieldKind::I32)));
            }
        }
        let mut unique: Vec<(Place, Place)> = Vec::with_capacity(pairs.len());
        for pair in pairs {
            if !unique.contains(&pair) {
                unique.push(pair);
            }
        }
        unique
    }

    /// Places of inline and crossline, best first.
    fn lines(&self) -> Vec<Pair> {
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

    /// Places of the CDP coordinates, best first.
    fn cdp_coordinates(&self, pairs: &[Pair]) -> Vec<Pair> {
        let lines = pairs
            .first()
            .filter(|lines| lines.grid.is_some() && !self.is_prestack)
            .map(|lines| KnownLines {
                inline: self.values(lines.first),
                crossline: self.values(lines.second),
                bytes: pairs
                    .iter()
                    .filter(|pair| pair.grid.is_some())
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
                0.4,
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

    /// Places of a role that stands for itself.
    fn single(&self, role: Role) -> Vec<(RoleCandidate, bool)> {
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
            judged.push(self.ranked(Judged {
                place,
                evidence,
                may_move: is_backed && !profile.is_zero(),
            }));
        }
        judged
    }

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
        let scalars = of(Role::CoordinateScalar);
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
    fn reproduced(&self) -> Option<f64> {
        let distances = self.distances()?;
        let offsets = self.values(standard(Role::Offset));
        (!self.profile(&offsets).is_zero()).then(|| share_reproduced(&offsets, &distances))
    }

    /// Places of the offset.
    fn offsets(&self) -> Vec<(RoleCandidate, bool)> {
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
            places.extend((1..=last).step_by(2).map(|byte| (byte, FieldKind::I32)));
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
            judged.push(self.ranked(Judged {
                place,
                evidence,
                may_move: (is_backed || agrees) && !profile.is_zero(),
            }));
        }
        judged
    }

    /// The convention whose places were chosen, with why.
    fn maker(&self, roles: &[RoleFound]) -> Option<String> {
        PRESETS.iter().find_map(|preset| {
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

/// Whether all values are small numbers read in the other byte order.
fn are_swapped(values: &[f64]) -> bool {
    let mut others = values.iter().filter(|value| **value != 0.0).peekable();
    others.peek().is_some() && others.all(|value| is_swapped(value.abs()))
}

fn on_plane(x: &[f64], y: &[f64], a: &[f64], b: &[f64]) -> bool {
    let fits = |values| distance_from_plane(values, a, b).map(|distance| distance <= ON_THE_PLANE);
    match (fits(x), fits(y)) {
        (None, None) => false,
        (x, y) => x.unwrap_or(true) && y.unwrap_or(true),
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

fn by_shape(role: Role, profile: &Profile, n_traces: usize, evidence: &mut Evidence) {
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

#[cfg(test)]
mod tests;
