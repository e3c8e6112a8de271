//! Do the traces follow each other as their own headers say?
//!
//! ```text
//! header 0 says n₀ ─► header 1 lies where it should, says n₁ ─► … ─► the end of the file, exactly
//! ```
//! One walk over all headers. Where a header is missing, the walk goes on behind the damage
//! ([`resync`](super::resync)). No count is trusted before a header was seen where it points.

use std::sync::Arc;

use super::evidence::{is_written_text, resemble};
use super::resync::{self, Hit, Samples, TEMPLATE_HEADERS, Template};
use super::walk::Walk;
use crate::segy::fields_trace::TRACE_HEADER_BYTES;
use crate::segy::geometry::CHECKPOINT_TRACES;
use crate::segy::measure::{Measure, Sizes, TraceSize, headers_bytes};
use crate::segy::source::Source;
use crate::segy::{Gap, MOST_GAPS, SegyError};

/// Traces after which a walk says how far it is: a few milliseconds.
const TRACES_BETWEEN_REPORTS: u64 = 1024;

/// What a walk along the counts found.
#[derive(Clone, Debug)]
pub(super) struct Chain {
    /// Position of every [`CHECKPOINT_TRACES`]th trace; shared by all who know this walk.
    pub(super) checkpoints: Arc<Vec<u64>>,
    pub(super) n_traces: u64,
    /// Behind the last trace.
    pub(super) end: u64,
    pub(super) gaps: Vec<Gap>,
    pub(super) sizes: Sizes,
    /// Whether what follows the last trace begins like another one that the file's end cuts off.
    pub(super) is_cut: bool,
}

/// A trace whose end is not confirmed yet.
#[derive(Clone, Copy, Debug)]
struct Pending {
    position: u64,
    size: TraceSize,
}

/// What a walk does where a header is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Damage {
    /// It ends there.
    Ends,
    /// It looks for the next header behind.
    IsPassed,
}

/// What stands at a position.
enum Found {
    Trace(Pending),
    /// A header whose samples the file does not hold.
    Cut,
    /// Nothing like a header.
    Nothing,
    End,
}

struct Follower<'a> {
    source: &'a Source,
    walk: Walk<'a>,
    measure: Measure,
    first: Vec<u8>,
    recent: Vec<Vec<u8>>,
    /// Where traces may end: at the file's end.
    until: u64,
    chain: Chain,
}

/// Follows the traces from `start` on; `walked` is told how far from time to time, and may end it.
pub(super) fn follow(
    source: &Source,
    start: u64,
    measure: Measure,
    samples: Samples,
    damage: Damage,
    mut walked: impl FnMut(u64) -> Result<(), SegyError>,
) -> Result<Chain, SegyError> {
    let mut follower = Follower {
        source,
        walk: Walk::new(source),
        measure,
        first: source.read(start..start.saturating_add(TRACE_HEADER_BYTES as u64))?,
        recent: Vec::new(),
        until: source.size_bytes(),
        chain: Chain {
            checkpoints: Arc::default(),
            n_traces: 0,
            end: start,
            gaps: Vec::new(),
            sizes: Sizes::NONE,
            is_cut: false,
        },
    };
    let Found::Trace(mut pending) = follower.look(start)? else {
        return Ok(follower.chain);
    };
    loop {
        let next = pending.position + measure.bytes(pending.size);
        match follower.look(next)? {
            Found::Trace(trace) => {
                follower.take(pending);
                pending = trace;
                if follower
                    .chain
                    .n_traces
                    .is_multiple_of(TRACES_BETWEEN_REPORTS)
                {
                    walked(next)?;
                }
                continue;
            }
            Found::End => follower.take(pending),
            found @ (Found::Cut | Found::Nothing) => {
                walked(next)?;
                if damage == Damage::IsPassed
                    && let Some(trace) = follower.mend(pending, next, samples)?
                {
                    pending = trace;
                    continue;
                }
                follower.take(pending);
                follower.chain.is_cut = matches!(found, Found::Cut);
            }
        }
        return Ok(follower.chain);
    }
}

impl Follower<'_> {
    fn look(&mut self, position: u64) -> Result<Found, SegyError> {
        let size_bytes = self.source.size_bytes();
        if position >= size_bytes {
            return Ok(Found::End);
        }
        let needed = self.measure.needed_bytes().max(TRACE_HEADER_BYTES);
        let Some(headers) = self.walk.read(position, needed)? else {
            return Ok(Found::Nothing);
        };
        let (standard, _) = headers.split_at(TRACE_HEADER_BYTES.min(headers.len()));
        if resemble(&self.first, standard) == Some(false) || is_written_text(standard) {
            return Ok(Found::Nothing);
        }
        let size = self.measure.size(headers);
        if size.n_samples == 0 || is_displaced(&self.recent, &self.first, &self.measure, standard) {
            return Ok(Found::Nothing);
        }
        if position + self.measure.bytes(size) > size_bytes {
            return Ok(Found::Cut);
        }
        if self.recent.len() == TEMPLATE_HEADERS {
            self.recent.remove(0);
        }
        self.recent.push(standard.to_vec());
        Ok(Found::Trace(Pending { position, size }))
    }

    fn take(&mut self, trace: Pending) {
        let chain = &mut self.chain;
        if chain.n_traces.is_multiple_of(CHECKPOINT_TRACES) {
            Arc::make_mut(&mut chain.checkpoints).push(trace.position);
        }
        chain.n_traces += 1;
        chain.sizes.add(trace.size);
        chain.end = trace.position + self.measure.bytes(trace.size);
    }

    /// The trace behind the damage that begins in `broken` or at `expected`, where the next header
    /// should be.
    fn mend(
        &mut self,
        broken: Pending,
        expected: u64,
        samples: Samples,
    ) -> Result<Option<Pending>, SegyError> {
        if self.chain.gaps.len() >= MOST_GAPS {
            return Ok(None);
        }
        let Some(template) = Template::new(&self.recent, self.measure.rule) else {
            return Ok(None);
        };
        let from = broken.position + TRACE_HEADER_BYTES as u64;
        let found = resync::next_trace(self.source, &template, &self.measure, from, self.until)?;
        let Some(position) = found else {
            return Ok(None);
        };
        self.walk = Walk::new(self.source);
        let before = self.recent.clone();
        let Found::Trace(next) = self.look(position)? else {
            return Ok(None);
        };
        let found = position..position + self.measure.bytes(next.size);
        let samples_start = broken.position + headers_bytes(broken.size.n_additional);
        let trace = samples_start..expected;
        let start =
            match resync::what_was_hit(self.source, &template, samples, &before, trace, found)? {
                Hit::NextHeader => return self.pass_over(broken, expected, next, before),
                Hit::Samples => broken.position,
                Hit::Between => {
                    self.take(broken);
                    expected
                }
            };
        quarantine(&mut self.chain.gaps, start, position, self.chain.n_traces);
        Ok(Some(next))
    }
}

impl Follower<'_> {
    /// The trace behind `hit`, whose header is damaged: `whole` in front of it is not. `None` where
    /// it was the last one.
    fn pass_over(
        &mut self,
        whole: Pending,
        expected: u64,
        hit: Pending,
        recent: Vec<Vec<u8>>,
    ) -> Result<Option<Pending>, SegyError> {
        self.recent = recent;
        let behind = hit.position + self.measure.bytes(hit.size);
        let Found::Trace(next) = self.look(behind)? else {
            return Ok(None);
        };
        self.take(whole);
        quarantine(&mut self.chain.gaps, expected, behind, self.chain.n_traces);
        Ok(Some(next))
    }
}

/// Whether what may be a header lacks what those before it have in common, its interval too: a
/// header moved by a few bytes has zeros in many of the right places.
fn is_displaced(recent: &[Vec<u8>], first: &[u8], measure: &Measure, header: &[u8]) -> bool {
    /// Of which a habit can be told.
    const FEWEST: usize = 4;
    const INTERVAL: std::ops::Range<usize> = 116..118;
    if recent.len() < FEWEST || header.get(INTERVAL) == first.get(INTERVAL) {
        return false;
    }
    resemble(first, header).is_some()
        && Template::new(recent, measure.rule).is_some_and(|template| !template.matches(header))
}

/// Adds a gap; one that follows another without a trace between them makes it longer.
pub(super) fn quarantine(gaps: &mut Vec<Gap>, start: u64, end: u64, before_trace: u64) {
    match gaps.last_mut() {
        Some(last) if last.before_trace == before_trace && last.end() == start => {
            last.n_bytes += end - start;
        }
        _ => gaps.push(Gap {
            position: start,
            n_bytes: end - start,
            before_trace,
        }),
    }
}
