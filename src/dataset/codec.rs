//! How are samples compressed, and what does each way give and take?

use serde::{Deserialize, Serialize};

/// How chunks are compressed: Blosc with zstd, shuffled, one block a chunk. What each gives and
/// takes, measured, is in [`Codec::describe`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Codec {
    /// zstd level 3.
    #[default]
    Balanced,
    /// zstd level 1 with a small table.
    Fast,
    /// zstd level 9.
    Small,
}

impl Codec {
    /// The level at which zstd compresses; also the `clevel` of the array's metadata, which only
    /// matters to programs that write more chunks.
    pub fn zstd_level(self) -> i32 {
        match self {
            Self::Balanced => 3,
            Self::Fast => 1,
            Self::Small => 9,
        }
    }

    /// Entries of zstd's table of repetitions, as a power of two, where not as the level has it: in
    /// samples there is little to find, and a table that stays in the first-level cache finds it faster.
    pub(super) fn hash_log(self) -> Option<u32> {
        (self == Self::Fast).then_some(10)
    }

    /// What was measured: ratios over shot records and stacks of 500 to 6000 samples, IBM and IEEE
    /// floats (`benches/codecs.rs`); rates of whole imports of a stack of 1.06 GB by two threads.
    /// Megabytes a second belong to a machine: the window measures them on the file at hand.
    pub fn facts(self) -> CodecFacts {
        let (import_rate, ratios) = match self {
            Self::Balanced => (1.0, (1.19, 1.33)),
            Self::Fast => (1.2, (1.18, 1.32)),
            Self::Small => (0.25, (1.20, 1.34)),
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
        format!(
            "zstd level {}, {what}: samples {least:.2} to {greatest:.2} times smaller, imports at {import_rate} times the rate of balanced",
            self.zstd_level()
        )
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
            "zstd level 9, for what is kept for long: samples 1.20 to 1.34 times smaller, \
             imports at 0.25 times the rate of balanced"
        );
    }
}
