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

    /// What was measured: once, on one core, over shot records and stacks of 500 to 6000 samples, IBM
    /// and IEEE floats (`benches/codecs.rs`). Rates depend on the machine; how they compare does not.
    pub fn facts(self) -> CodecFacts {
        let (megabytes_per_second, ratios) = match self {
            Self::Balanced => (400, (1.19, 1.33)),
            Self::Fast => (550, (1.18, 1.32)),
            Self::Small => (80, (1.20, 1.34)),
        };
        CodecFacts {
            megabytes_per_second,
            ratios,
        }
    }

    /// The facts in a line, for where the codec is chosen.
    pub fn describe(self) -> String {
        let CodecFacts {
            megabytes_per_second,
            ratios: (least, greatest),
        } = self.facts();
        let what = match self {
            Self::Balanced => "the usual choice",
            Self::Fast => "for a disk that is faster than the processor",
            Self::Small => "for what is kept for long",
        };
        format!(
            "zstd level {}, {what}: samples {least:.2} to {greatest:.2} times smaller, about {megabytes_per_second} MB/s a core",
            self.zstd_level()
        )
    }
}

/// What a codec gives and takes, over realistic floats. Integers, mutes and padding shrink far more.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CodecFacts {
    /// Of samples, compressed by one core.
    pub megabytes_per_second: u32,
    /// Bytes of samples for each byte on disk: least and greatest.
    pub ratios: (f32, f32),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_smaller_takes_longer_and_each_says_so() {
        let [fast, balanced, small] =
            [Codec::Fast, Codec::Balanced, Codec::Small].map(Codec::facts);
        assert!(fast.megabytes_per_second > balanced.megabytes_per_second);
        assert!(balanced.megabytes_per_second > small.megabytes_per_second);
        assert!(fast.ratios.1 < balanced.ratios.1 && balanced.ratios.1 < small.ratios.1);
        let text = Codec::Balanced.describe();
        assert!(text.starts_with("zstd level 3, the usual choice"), "{text}");
    }
}
