//! What was taken in of the source so far, and is it still the same source?
//!
//! A checkpoint keeps the state of the hash, with which it goes on, and the checksums of a few
//! traces spread over what was taken in: a file that was written anew under the old name and time
//! is found by them, without reading all of it.

use serde::{Deserialize, Serialize};
use sha2::digest::common::hazmat::SerializableState;
use sha2::{Digest, Sha256};

use crate::import::{ImportError, ImportPlan};
use crate::segy::{SegyFile, TraceWindow};

/// So many traces are looked at when an import goes on.
const MAX_SAMPLES: usize = 64;
/// Of a long trace, so many bytes.
const SAMPLE_BYTES: usize = 64 << 10;

/// What the reader knows behind one block.
#[derive(Clone, Debug)]
pub(super) struct BlockSource {
    /// The hash's state behind the block.
    hash: Vec<u8>,
    /// Checksum of the block's first trace.
    first_trace: u32,
}

impl BlockSource {
    pub(super) fn new(hasher: &Sha256, window: &TraceWindow<'_>) -> Self {
        Self {
            hash: hasher.serialize().to_vec(),
            first_trace: checksum(window),
        }
    }
}

/// What was taken in of the source up to one block.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct SourceState {
    hash: Vec<u8>,
    /// SHA-256 of the bytes before the first trace.
    file_headers: Vec<u8>,
    /// Trace and checksum: of every `stride`th block.
    samples: Vec<(u64, u32)>,
    stride: u64,
    n_blocks: u64,
}

impl SourceState {
    /// Nothing but the file headers was taken in.
    pub(super) fn begin(file_headers: &Sha256) -> Self {
        Self {
            hash: file_headers.serialize().to_vec(),
            file_headers: file_headers.clone().finalize().to_vec(),
            samples: Vec::new(),
            stride: 1,
            n_blocks: 0,
        }
    }

    /// Takes in the next block, which begins at `first_trace` of the file.
    pub(super) fn add(&mut self, block: BlockSource, first_trace: u64) {
        self.hash = block.hash;
        if self.n_blocks.is_multiple_of(self.stride) {
            if self.samples.len() == MAX_SAMPLES {
                let mut number = 0;
                self.samples.retain(|_| {
                    number += 1;
                    number % 2 == 1
                });
                self.stride *= 2;
            }
            if self.n_blocks.is_multiple_of(self.stride) {
                self.samples.push((first_trace, block.first_trace));
            }
        }
        self.n_blocks += 1;
    }

    /// The hash that goes on behind the last block.
    pub(super) fn hasher(&self) -> Option<Sha256> {
        let state = self.hash.as_slice().try_into().ok()?;
        Sha256::deserialize(state).ok()
    }

    /// Whether the source still begins with what was taken in, as far as a few looks tell.
    ///
    /// # Errors
    /// `SourceDiffers`; as reading.
    pub(super) fn check(
        &self,
        plan: &ImportPlan,
        file: &SegyFile,
        file_headers: &Sha256,
    ) -> Result<(), ImportError> {
        let differs = |what: String| ImportError::SourceDiffers {
            what,
            path: plan.scan.path.clone(),
        };
        if file_headers.clone().finalize().as_slice() != self.file_headers {
            return Err(differs("its file headers".to_owned()));
        }
        for &(trace, expected) in &self.samples {
            let exists = trace < file.layout().n_traces;
            let window = exists.then(|| file.window(trace..trace + 1)).transpose()?;
            if window.is_none_or(|window| checksum(&window) != expected) {
                return Err(differs(crate::wording::trace(trace)));
            }
        }
        Ok(())
    }
}

/// Of the first trace of the window.
fn checksum(window: &TraceWindow<'_>) -> u32 {
    if window.n_traces() == 0 {
        return 0;
    }
    let trace = window.trace(0);
    crc32c::crc32c(trace.get(..SAMPLE_BYTES).unwrap_or(trace))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_hash_goes_on_where_it_stood() {
        let mut hasher = Sha256::new();
        hasher.update(b"textual header and a half");
        let state = SourceState::begin(&hasher);
        let mut gone_on = state.hasher().unwrap();
        hasher.update(b", and the rest");
        gone_on.update(b", and the rest");
        assert_eq!(hasher.finalize(), gone_on.finalize());
    }

    #[test]
    fn samples_stay_few_and_spread() {
        let mut state = SourceState::begin(&Sha256::new());
        for block in 0..1000 {
            let source = BlockSource {
                hash: Vec::new(),
                first_trace: 0,
            };
            state.add(source, block * 16);
        }
        let traces: Vec<u64> = state.samples.iter().map(|sample| sample.0).collect();
        assert!(traces.len() > MAX_SAMPLES / 2 && traces.len() <= MAX_SAMPLES);
        let step = traces[1] - traces[0];
        assert!(traces.windows(2).all(|pair| pair[1] - pair[0] == step));
        assert!(1000 * 16 - traces.last().unwrap() <= step);
    }
}
