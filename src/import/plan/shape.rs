//! How large are chunks and blocks, and how many blocks are in flight at once?
//!
//! ```text
//! budget ≥ base + headers.parquet + threads × (decode buffer + its chunks, compressed + codec workspace)
//!                                 + blocks in flight × (mapped window + header batch + overview + exceptions)
//! ```
//! Chunk shape by measurement (DESIGN, section 6); blocks as large as is useful and the budget allows.

use crate::dataset::HeaderWriter;
use crate::segy::{Layout, SampleFormat};

/// Uncompressed bytes of an inner chunk: smaller compresses worse, larger reads slower.
const CHUNK_BYTES: u64 = 512 << 10;
/// Traces of an inner chunk at most, however short they are.
const MAX_CHUNK_TRACES: u64 = 8192;
/// Inner chunks of a shard: files of about 50 MB, and an index that is read once.
pub(super) const CHUNKS_PER_SHARD: u32 = 128;
/// Uncompressed bytes of a block: enough to make its overhead small, short enough to cancel in.
const BLOCK_BYTES: u64 = 4 << 20;
/// Traces of a block: as many header rows as go to the Parquet writer at once.
const MAX_BLOCK_TRACES: u64 = 10_000;
/// Blocks begin at multiples of so many traces where possible: one row of the overview.
const OVERVIEW_TRACES: u64 = 16;

/// The program itself: code, libraries, thread stacks, and what the allocator keeps between uses.
const BASE_BYTES: u64 = 25 << 20;
/// The Parquet writer: the pages being filled and a zstd context for the few columns that are
/// compressed. What a row group keeps besides is `HeaderWriter::group_bytes`.
const PARQUET_BYTES: u64 = 20 << 20;
/// A zstd context at the levels in use, besides buffers of the chunk's size.
const CODEC_CONTEXT_BYTES: u64 = 3 << 20;

/// What decides the shapes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wish {
    pub(super) format: SampleFormat,
    pub(super) n_samples: u32,
    pub(super) n_traces: u64,
    pub(super) stride_bytes: u64,
    /// Of a row of header values.
    pub(super) row_bytes: u64,
    /// Of headers.parquet.
    pub(super) n_columns: u64,
    pub(super) index: IndexMemory,
    /// `None`: no budget (batch mode).
    pub(super) memory_mib: Option<u32>,
    pub(super) threads: u32,
    /// Instead of the choice.
    pub(super) chunk_traces: Option<u32>,
    /// Instead of the choice.
    pub(super) chunks_per_block: Option<u32>,
}

/// Memory for where traces lie in a file that no stride describes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct IndexMemory {
    /// Held throughout: by the scan, and by the file that is opened again.
    held_bytes: u64,
    /// For each trace of a block in flight.
    row_bytes: u64,
}

impl IndexMemory {
    pub(super) fn of(layout: &Layout) -> Self {
        /// Where the trace lies in its window, and its length.
        const SPAN_BYTES: u64 = 40;
        layout
            .geometry
            .index()
            .map_or_else(Self::default, |index| Self {
                held_bytes: 2 * index.memory_bytes(),
                row_bytes: SPAN_BYTES,
            })
    }
}

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) chunk_traces: u32,
    pub(super) chunks_per_shard: u32,
    pub(super) chunks_per_block: u32,
    pub(super) blocks_in_flight: u32,
    pub(super) threads: u32,
    /// What it takes at most, by the account above.
    pub(super) memory_bytes: u64,
}

impl Wish {
    /// The largest useful shape that fits the budget.
    ///
    /// # Errors
    /// The smallest budget that would do, in MiB.
    pub(super) fn shape(&self) -> Result<Shape, u64> {
        let budget = self.memory_mib.map_or(u64::MAX, |mib| u64::from(mib) << 20);
        let mut chunk_traces = self
            .chunk_traces
            .map_or_else(|| self.best_chunk_traces(), u64::from);
        loop {
            if let Some(shape) = self.with_chunk(chunk_traces, budget) {
                return Ok(shape);
            }
            if chunk_traces == 1 || self.chunk_traces.is_some() {
                let smallest = self.account(chunk_traces, 1, 1, 2);
                return Err(smallest.div_ceil(1 << 20));
            }
            chunk_traces /= 2;
        }
    }

    /// About [`CHUNK_BYTES`] of whole traces, a power of two.
    fn best_chunk_traces(&self) -> u64 {
        let trace_bytes = self.trace_bytes().max(1);
        let wanted = nearest_power_of_two((CHUNK_BYTES / trace_bytes).max(1));
        wanted
            .min(MAX_CHUNK_TRACES)
            .min(self.n_traces.max(1).next_power_of_two())
    }

    fn with_chunk(&self, chunk_traces: u64, budget: u64) -> Option<Shape> {
        for threads in (1..=self.threads.max(1)).rev() {
            for chunks_per_block in self.block_sizes(chunk_traces) {
                for blocks_in_flight in (threads + 1..=2 * threads + 2).rev() {
                    let memory_bytes =
                        self.account(chunk_traces, chunks_per_block, threads, blocks_in_flight);
                    if memory_bytes <= budget {
                        return Some(Shape {
                            chunk_traces: u32::try_from(chunk_traces).ok()?,
                            chunks_per_shard: CHUNKS_PER_SHARD,
                            chunks_per_block,
                            blocks_in_flight,
                            threads,
                            memory_bytes,
                        });
                    }
                }
            }
        }
        None
    }

    /// Chunks of a block, best first: powers of two, so that no block crosses a shard, and those
    /// that begin at rows of the overview before those that do not.
    fn block_sizes(&self, chunk_traces: u64) -> Vec<u32> {
        if let Some(chunks) = self.chunks_per_block {
            return vec![chunks.max(1)];
        }
        let chunk_bytes = chunk_traces * self.trace_bytes();
        let useful = |&chunks: &u32| {
            let chunks = u64::from(chunks);
            chunks == 1
                || (chunks * chunk_bytes <= BLOCK_BYTES
                    && chunks * chunk_traces <= MAX_BLOCK_TRACES)
        };
        let mut sizes: Vec<u32> = [128, 64, 32, 16, 8, 4, 2, 1]
            .into_iter()
            .filter(useful)
            .collect();
        let is_crooked =
            |chunks: u32| !(u64::from(chunks) * chunk_traces).is_multiple_of(OVERVIEW_TRACES);
        sizes.sort_by_key(|&chunks| is_crooked(chunks));
        sizes
    }

    /// Bytes that this shape takes at most.
    fn account(
        &self,
        chunk_traces: u64,
        chunks_per_block: u32,
        threads: u32,
        in_flight: u32,
    ) -> u64 {
        let chunk = chunk_traces.saturating_mul(self.trace_bytes());
        let block_traces = chunk_traces * u64::from(chunks_per_block);
        let decoded = chunk.saturating_mul(u64::from(chunks_per_block));
        let window = block_traces.saturating_mul(self.stride_bytes);
        // The columns, and a quarter for what lies between 110 arrays that come and go.
        let headers = block_traces.saturating_mul(self.row_bytes * 5 / 4 + self.index.row_bytes);
        let overview = decoded / 8;
        // One exception a word in sixteen is kept; of more, only the window (see `exceptions`).
        let exceptions = if self.format == SampleFormat::Ibm32 {
            decoded / 4
        } else {
            0
        };
        let per_block = window
            .saturating_add(headers)
            .saturating_add(overview)
            .saturating_add(exceptions);
        // A chunk decoded, shuffled, and the room that it is compressed into; one trace of samples.
        let workspace = chunk
            .saturating_mul(3)
            .saturating_add(2 * self.trace_bytes())
            .saturating_add(CODEC_CONTEXT_BYTES);
        // What a block compresses to, until the blocks before have their place.
        let per_thread = decoded.saturating_add(workspace);
        let group = HeaderWriter::group_bytes(self.n_traces, self.trace_bytes(), self.n_columns);
        (BASE_BYTES + PARQUET_BYTES)
            .saturating_add(group)
            .saturating_add(self.index.held_bytes)
            .saturating_add(per_block.saturating_mul(u64::from(in_flight)))
            .saturating_add(per_thread.saturating_mul(u64::from(threads)))
    }

    /// Of one decoded trace.
    fn trace_bytes(&self) -> u64 {
        u64::from(self.n_samples) * self.format.number_type().size_bytes() as u64
    }
}

/// The power of two with the smallest ratio to `n`, which is not 0.
fn nearest_power_of_two(n: u64) -> u64 {
    let below = 1_u64 << n.ilog2();
    // n is nearer to 2 × below when n² > 2 × below².
    if u128::from(n) * u128::from(n) > 2 * u128::from(below) * u128::from(below) {
        below * 2
    } else {
        below
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn wish(n_samples: u32, memory_mib: u32) -> Wish {
        Wish {
            format: SampleFormat::Ibm32,
            n_samples,
            n_traces: 10_000_000,
            stride_bytes: 240 + 4 * u64::from(n_samples),
            row_bytes: 600,
            n_columns: 110,
            index: IndexMemory::default(),
            memory_mib: Some(memory_mib),
            threads: 4,
            chunk_traces: None,
            chunks_per_block: None,
        }
    }

    #[test]
    fn powers_of_two_are_rounded_by_ratio() {
        for (n, rounded) in [
            (1, 1),
            (2, 2),
            (3, 4),
            (5, 4),
            (6, 8),
            (131, 128),
            (87, 64),
            (187, 256),
        ] {
            assert_eq!(nearest_power_of_two(n), rounded, "{n}");
        }
    }

    #[test]
    fn a_chunk_is_about_half_a_megabyte() {
        assert_eq!(wish(1000, 256).shape().unwrap().chunk_traces, 128);
        assert_eq!(wish(4, 256).shape().unwrap().chunk_traces, 8192);
        assert_eq!(wish(60_000, 256).shape().unwrap().chunk_traces, 2);
        assert_eq!(wish(1_000_000, 256).shape().unwrap().chunk_traces, 1);
        let small = Wish {
            n_traces: 25,
            ..wish(50, 256)
        };
        assert_eq!(small.shape().unwrap().chunk_traces, 32);
    }

    #[test]
    fn blocks_fit_the_budget_and_stay_within_a_shard() {
        for n_samples in [1, 4, 50, 500, 1000, 1500, 4000, 12_000, 60_000, 400_000] {
            for memory_mib in [64, 96, 128, 256, 1024] {
                let shape = wish(n_samples, memory_mib).shape().unwrap();
                assert!(shape.memory_bytes <= u64::from(memory_mib) << 20);
                assert_eq!(shape.chunks_per_shard % shape.chunks_per_block, 0);
                assert!(shape.blocks_in_flight > shape.threads);
                assert!(shape.chunk_traces.is_power_of_two());
            }
        }
        for n_samples in [1, 500, 2440, 12_000] {
            let long = Wish {
                n_traces: 100_000_000,
                ..wish(n_samples, 64)
            };
            assert!(long.shape().unwrap().memory_bytes <= 64 << 20);
        }
    }

    #[test]
    fn pages_of_more_than_a_hundred_million_traces_are_accounted_for() {
        let wish = |n_traces| Wish {
            n_traces,
            ..wish(1, 64)
        };
        let memory = |n_traces| wish(n_traces).account(64, 1, 1, 2);
        assert!(memory(100_000_000) - memory(1_000_000) > 10_000_000);
        assert!(memory(300_000_000) - memory(100_000_000) > 40_000_000);
        assert!(wish(1_000_000_000).shape().unwrap_err() > 200);
    }

    #[test]
    fn a_budget_that_is_too_small_says_what_would_do() {
        let needed = wish(40_000_000, 64).shape().unwrap_err();
        assert!(needed > 64);
        assert!(
            wish(40_000_000, u32::try_from(needed).unwrap())
                .shape()
                .is_ok()
        );
        assert!(
            wish(40_000_000, u32::try_from(needed - 1).unwrap())
                .shape()
                .is_err()
        );
    }

    #[test]
    fn blocks_begin_at_rows_of_the_overview_where_possible() {
        let shape = wish(60_000, 256).shape().unwrap();
        assert_eq!((shape.chunk_traces * shape.chunks_per_block) % 16, 0);
    }
}
