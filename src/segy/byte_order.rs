//! In which order do the bytes of a number lie in the file?

use serde::{Deserialize, Serialize};

/// The order of the bytes of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ByteOrder {
    /// Most significant byte first: what revisions 0 and 1 demand.
    Big,
    /// Least significant byte first.
    Little,
    /// Most significant byte first, then the bytes of each pair swapped, as some tape copies did:
    /// 0x01020304 lies as 02 01 04 03. (r2.0 §5, bytes 3297–3300)
    #[serde(rename = "pair-swapped")]
    PairSwapped,
}

impl ByteOrder {
    /// The other one; big-endian for the pair-swapped one.
    #[must_use]
    pub fn swapped(self) -> Self {
        match self {
            Self::Big => Self::Little,
            Self::Little | Self::PairSwapped => Self::Big,
        }
    }

    /// For people: "big-endian".
    pub fn label(self) -> &'static str {
        match self {
            Self::Big => "big-endian",
            Self::Little => "little-endian",
            Self::PairSwapped => "pairwise swapped",
        }
    }

    /// For files and command lines: "big".
    pub fn name(self) -> &'static str {
        match self {
            Self::Big => "big",
            Self::Little => "little",
            Self::PairSwapped => "pair-swapped",
        }
    }

    /// The order of a [`Self::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Big, Self::Little, Self::PairSwapped]
            .into_iter()
            .find(|order| order.name() == name)
    }

    /// The number that four bytes of the file stand for.
    pub fn u32_from(self, [a, b, c, d]: [u8; 4]) -> u32 {
        match self {
            Self::Big => u32::from_be_bytes([a, b, c, d]),
            Self::Little => u32::from_le_bytes([a, b, c, d]),
            Self::PairSwapped => u32::from_be_bytes([b, a, d, c]),
        }
    }

    /// The four bytes of the file that stand for a number.
    pub fn bytes_from(self, word: u32) -> [u8; 4] {
        match self {
            Self::Big => word.to_be_bytes(),
            Self::Little => word.to_le_bytes(),
            Self::PairSwapped => {
                let [a, b, c, d] = word.to_be_bytes();
                [b, a, d, c]
            }
        }
    }

    /// The bytes as a big- or little-endian file would have them: the pairs swapped back. An odd
    /// last byte stays where it is. The inverse of itself.
    pub(super) fn pairs_swapped(bytes: &[u8]) -> Vec<u8> {
        let (pairs, last) = bytes.as_chunks::<2>();
        let mut swapped: Vec<u8> = pairs.iter().flat_map(|&[a, b]| [b, a]).collect();
        swapped.extend_from_slice(last);
        swapped
    }
}
