//! How are samples compressed, and what does each way give and take?

use serde::{Deserialize, Serialize};

/// How chunks are compressed: Blosc with zstd, shuffled, one block a chunk. What each gives and
/// takes, measured, is in [`Codec::describe`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Codec {
    /// As small as zstd level 3, in two thirds of its time.
    #[default]
    Balanced,
    /// As little work as is worth it.
    Fast,
    /// Smaller than zstd level 9, in 0.4 to 0.8 of its time.
    Small,
}

/// How zstd is to search.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Search {
    pub(super) level: i32,
    /// Shorter repetitions are none. The shortest that zstd's levels look for (4 or 5 bytes) cost
    /// more than they save: a plane of exponents takes less than 3 bits a byte by Huffman's code alone.
    pub(super) min_match: u32,
    /// Entries of the table of repetitions, as a power of two, where not as the level has it: there
    /// is little to find, and a table that stays in the first-level cache finds it faster.
    pub(super) hash_log: Option<u32>,
    /// How far the search goes on where it finds nothing, in bytes less one (zstd's `targetLength`), where
    /// not as the level has it.
    pub(super) step: Option<u32>,
    /// Planes of bytes that are not worth a try; `None` where all are tried.
    pub(super) noise: Option<Noise>,
}

/// How evenly the bytes of a plane are spread that is taken for noise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Noise {
    /// The share that no value reaches. Of even bytes each has 0.4 %; mutes, padding and small numbers
    /// stand out.
    pub(super) most: f64,
    /// The sum of the squares of all shares is less than this many times that of even bytes.
    pub(super) squares: f64,
}

impl Codec {
    /// The `clevel` of the array's metadata, as Zarr's specification has it for Blosc. It only matters
    /// to programs that write more chunks; readers need no level.
    pub fn clevel(self) -> u8 {
        match self {
            Self::Balanced => 3,
            Self::Fast => 1,
            Self::Small => 9,
        }
    }

    /// Measured over 2 made and 10 real files, zstd alone: *balanced* takes 0.54 to 0.87 of the time of
    /// level 3 for sizes of 0.97 to 1.006 (float samples: at most 1.004); *small* 0.4 to 0.77 of the time
    /// of level 9 for 0.988 to 0.999. *Fast* takes 0.46 to 0.8 of the time of *balanced* for sizes of 1.00 to
    /// 1.05 (made files); real files become up to 1.15 times as large, one of repeated sawteeth 2.4 times.
    pub(super) fn search(self) -> Search {
        // 7 % more squares than even bytes have is 7.9 bits a byte, 3.2 times as many about 7: what
        // IBM words leave in the last byte of an IEEE fraction.
        let noise = |most, squares| Some(Noise { most, squares });
        let (level, min_match, hash_log, step, noise) = match self {
            Self::Balanced => (1, 7, Some(14), None, noise(0.01, 1.07)),
            Self::Fast => (1, 7, Some(10), Some(7), noise(0.03, 3.2)),
            Self::Small => (6, 6, None, None, None),
        };
        Search {
            level,
            min_match,
            hash_log,
            step,
            noise,
        }
    }

    /// What was measured: ratios over shot records and stacks of 500 to 6000 samples, IBM and IEEE
    /// floats (`benches/codecs.rs`); rates of whole imports of stacks and shot records by two threads.
    /// Megabytes a second belong to a machine: the window measures them on the file at hand.
    pub fn facts(self) -> CodecFacts {
        let (import_rate, ratios) = match self {
            Self::Balanced => (1.0, (1.19, 1.33)),
            Self::Fast => (1.3, (1.17, 1.31)),
            Self::Small => (0.5, (1.20, 1.35)),
        };
        CodecFacts {
            import_rate,
            ratios,
        }
    }

    /// The facts in a line, for where the codec is chosen.
    pub fn describe(self) -> String {
        let CodecFacts {
            import_rate,
            ratios: (least, greatest),
        } = self.facts();
        let what = match self {
            Self::Balanced => "the usual choice",
            Self::Fast => "for a disk that is faster than the processor",
            Self::Small => "for what is kept for long",
        };
        let rate = match self {
            Self::Balanced => String::new(),
            Self::Fast | Self::Small => {
                format!(", imports at {import_rate} times the rate of balanced")
            }
        };
        format!("{what}; samples {least:.2} to {greatest:.2} times smaller{rate}")
    }
}

/// What a codec gives and takes, over realistic floats. Integers, mutes and padding shrink far more.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CodecFacts {
    /// Of an import, against that of *balanced*.
    pub import_rate: f32,
    /// Bytes of samples for each byte on disk: least and greatest.
    pub ratios: (f32, f32),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_says_what_it_gives_and_takes() {
        assert_eq!(
            Codec::Small.describe(),
            "for what is kept for long; samples 1.20 to 1.35 times smaller, imports at 0.5 times the \
             rate of balanced"
        );
    }
}
