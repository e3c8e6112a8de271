//! Is what the journal says was written still there?
//!
//! Only lengths are looked at, for that takes no time: a bit that was changed within a shard is for
//! the checksums to tell when it is read.

use std::fs;
use std::path::Path;

use super::ChunkState;
use crate::dataset::{DatasetSpec, layout};

impl ChunkState {
    /// Why the chunks of this state are not what an unfinished dataset has, as a phrase.
    pub(in crate::dataset) fn contradiction(
        &self,
        partial: &Path,
        spec: &DatasetSpec,
    ) -> Option<String> {
        let per_shard = u64::from(spec.chunks_per_shard.max(1));
        let n_chunks = spec.n_chunks();
        let n_open = self.lengths.len() as u64;
        if self.next_chunk > n_chunks || n_open > self.next_chunk || n_open > per_shard {
            return Some("its journal contradicts itself".to_owned());
        }
        if spec.n_samples == 0 {
            return None;
        }
        let open = self.next_chunk / per_shard;
        let of_open: u64 = self.lengths.iter().map(|&length| u64::from(length)).sum();
        (0..self.next_chunk.div_ceil(per_shard)).find_map(|shard| {
            // A whole one ends in an index: two numbers a chunk, and a checksum.
            let needed = if shard == open && n_open > 0 {
                of_open
            } else {
                16 * per_shard + 4
            };
            let name = format!("{}/c/{shard}/0", layout::AMPLITUDE);
            let found = fs::metadata(partial.join(&name)).map_or(0, |file| file.len());
            (found < needed).then(|| {
                format!("{name} has lost what was written to it: {found} of {needed} bytes or more")
            })
        })
    }
}
