//! Which walks over all headers of a file were made already?
//!
//! A file whose traces differ in size is walked header by header, and is opened by many: the scan,
//! the preview, the import, the viewer. The first of them walks, the others wait for it and share
//! what it found, as long as the file is the same. A file that was written a moment ago is walked
//! each time: a second change might not show in its times.
//!
//! Bounded: a few walks, the oldest are forgotten. Each holds 0.125 bytes a trace.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::chain::{self, Chain, Damage};
use super::resync::Samples;
use crate::segy::SegyError;
use crate::segy::measure::Measure;
use crate::segy::source::{Identity, Source};

/// Walks that are remembered: a file or two, each in some readings.
const MOST_WALKS: usize = 8;
/// Bytes of all remembered walks but the newest.
const MOST_BYTES: usize = 32 << 20;

/// The traces from `start` on, as their headers say.
pub(super) fn follow(
    source: &Source,
    start: u64,
    measure: Measure,
    samples: Samples,
    damage: Damage,
) -> Result<Chain, SegyError> {
    let identity = source.identity();
    if !identity.is_settled() {
        return chain::follow(source, start, measure, samples, damage, |position| {
            source.walked(position)
        });
    }
    let key = Key {
        identity: identity.clone(),
        start,
        measure,
        samples,
        damage,
    };
    let walking = match WALKS.find_or_begin(key, source)? {
        Turn::Made(chain) => return Ok(chain),
        Turn::Ours(walking) => walking,
    };
    let chain = chain::follow(source, start, measure, samples, damage, |position| {
        walking.position.store(position, Ordering::Relaxed);
        source.walked(position)
    })?;
    walking.done(chain.clone());
    Ok(chain)
}

static WALKS: LazyLock<Walks> = LazyLock::new(Walks::default);

/// Which file, and how it is read.
#[derive(Clone, Debug, PartialEq)]
struct Key {
    identity: Identity,
    start: u64,
    measure: Measure,
    samples: Samples,
    damage: Damage,
}

#[derive(Debug, Default)]
struct Walks {
    state: Mutex<State>,
    ended: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// Being made, and how far they are.
    walking: Vec<(Key, Arc<AtomicU64>)>,
    /// The least recently wanted first.
    made: VecDeque<(Key, Chain)>,
}

/// Whose turn it is to walk.
enum Turn {
    Made(Chain),
    Ours(Walking),
}

/// A walk that is being made; however it ends, others may go on.
#[derive(Debug)]
struct Walking {
    key: Key,
    position: Arc<AtomicU64>,
}

impl Walks {
    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing is half done inside.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was found, now or by somebody who is just walking; or the right to walk.
    fn find_or_begin(&self, key: Key, source: &Source) -> Result<Turn, SegyError> {
        /// Until the one who waits says how far the other is.
        const STEP: Duration = Duration::from_millis(50);

        let mut state = self.lock();
        loop {
            if let Some(chain) = state.find(&key) {
                return Ok(Turn::Made(chain));
            }
            let Some(position) = state.position_of(&key) else {
                let position = Arc::<AtomicU64>::default();
                state.walking.push((key.clone(), Arc::clone(&position)));
                return Ok(Turn::Ours(Walking { key, position }));
            };
            let waited = self.ended.wait_timeout(state, STEP);
            drop(waited.unwrap_or_else(PoisonError::into_inner));
            source.walked(position)?;
            state = self.lock();
        }
    }
}

impl State {
    fn find(&mut self, key: &Key) -> Option<Chain> {
        let at = self.made.iter().position(|(known, _)| known == key)?;
        let walk = self.made.remove(at)?;
        let chain = walk.1.clone();
        self.made.push_back(walk);
        Some(chain)
    }

    fn position_of(&self, key: &Key) -> Option<u64> {
        let walking = self.walking.iter().find(|(other, _)| other == key);
        walking.map(|(_, position)| position.load(Ordering::Relaxed))
    }

    fn remember(&mut self, key: Key, chain: Chain) {
        let bytes = |(_, chain): &(Key, Chain)| size_of_val(chain.checkpoints.as_slice());
        let is_full = |made: &VecDeque<(Key, Chain)>| {
            made.len() >= MOST_WALKS || made.iter().map(bytes).sum::<usize>() > MOST_BYTES
        };
        while is_full(&self.made) {
            self.made.pop_front();
        }
        self.made.push_back((key, chain));
    }
}

impl Walking {
    fn done(self, chain: Chain) {
        WALKS.lock().remember(self.key.clone(), chain);
    }
}

impl Drop for Walking {
    fn drop(&mut self) {
        WALKS.lock().walking.retain(|(key, _)| *key != self.key);
        WALKS.ended.notify_all();
    }
}
