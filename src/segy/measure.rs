//! How many bytes has one trace, and who says so? Its own headers, or the file's.
//!
//! ```text
//! | header 240 | extension 1, 240 | extension 2 … | samples |
//!   └ 115–116: samples  └ 137–140: samples, 157–158: extensions of this trace (r2.0, r2.1 §7.1)
//! ```
//! The same headers always give the same size: what a walk found when the file was opened, a window
//! finds again.

use super::fields_trace::TRACE_HEADER_BYTES;
use super::{ByteOrder, FieldKind};

/// Who says how many samples a trace has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum LengthRule {
    /// All are equally long.
    Fixed { n_samples: u32 },
    /// Each header says it; 0 means `otherwise`.
    InHeader { word: CountWord, otherwise: u32 },
}

/// Who says how many trace header extensions a trace has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum ExtensionRule {
    /// All have as many.
    Fixed { n_additional: u32 },
    /// The first extension of each says it. 0, or more than `most`, says nothing: then it is `most`.
    InExtension { order: ByteOrder, most: u32 },
}

/// Where a trace's headers say how many samples it has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct CountWord {
    pub(super) order: ByteOrder,
    /// Whether the first additional header's 32-bit word counts (r2.0 §7.1, trace header extension 1,
    /// bytes 137–140), where it is not 0.
    pub(super) extension: bool,
}

/// Bytes 115–116 of the standard header.
const COUNT_BYTE: u16 = 115;
/// Bytes 137–140 of trace header extension 1, counted from the standard header's first.
const EXTENSION_COUNT_BYTE: u16 = 240 + 137;
/// Bytes 157–158 of trace header extension 1, counted from the standard header's first: how many
/// additional headers this trace has, that one included.
const N_EXTENSIONS_BYTE: u16 = 240 + 157;

impl CountWord {
    /// Bytes of the headers that must be there to read it.
    pub(super) fn needed_bytes(self) -> usize {
        TRACE_HEADER_BYTES * (1 + usize::from(self.extension))
    }

    /// What the headers say; 0 where they say nothing.
    pub(super) fn read(self, headers: &[u8]) -> u32 {
        let long = if self.extension {
            unsigned(headers, FieldKind::U32, EXTENSION_COUNT_BYTE, self.order)
        } else {
            0
        };
        if long > 0 {
            long
        } else {
            unsigned(headers, FieldKind::U16, COUNT_BYTE, self.order)
        }
    }
}

/// What trace header extension 1 says of the number of extensions; 0 where it says nothing.
pub(super) fn n_extensions_word(headers: &[u8], order: ByteOrder) -> u32 {
    unsigned(headers, FieldKind::U16, N_EXTENSIONS_BYTE, order)
}

fn unsigned(headers: &[u8], kind: FieldKind, byte: u16, order: ByteOrder) -> u32 {
    let value = kind.read_i64(headers, byte, order).unwrap_or(0);
    u32::try_from(value).unwrap_or(0)
}

/// Bytes of the standard header and so many additional ones.
pub(super) fn headers_bytes(n_additional: u32) -> u64 {
    TRACE_HEADER_BYTES as u64 * (1 + u64::from(n_additional))
}

/// How large one trace is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TraceSize {
    pub(super) n_samples: u32,
    pub(super) n_additional: u32,
}

/// The smallest and the largest of many traces, samples and additional headers each for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sizes {
    pub(super) least: TraceSize,
    pub(super) most: TraceSize,
}

impl Sizes {
    /// Of no trace.
    pub(super) const NONE: Self = Self {
        least: TraceSize {
            n_samples: u32::MAX,
            n_additional: u32::MAX,
        },
        most: TraceSize {
            n_samples: 0,
            n_additional: 0,
        },
    };

    /// All traces are of this size.
    pub(super) fn all(size: TraceSize) -> Self {
        Self {
            least: size,
            most: size,
        }
    }

    pub(super) fn add(&mut self, size: TraceSize) {
        let (least, most) = (&mut self.least, &mut self.most);
        least.n_samples = least.n_samples.min(size.n_samples);
        least.n_additional = least.n_additional.min(size.n_additional);
        most.n_samples = most.n_samples.max(size.n_samples);
        most.n_additional = most.n_additional.max(size.n_additional);
    }
}

/// How one trace is measured: what every walk needs to know.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Measure {
    pub(super) rule: LengthRule,
    pub(super) extensions: ExtensionRule,
    /// Of one sample.
    pub(super) sample_bytes: u64,
}

impl Measure {
    /// Bytes of headers that must be read to know a trace's size.
    pub(super) fn needed_bytes(&self) -> usize {
        let for_samples = match self.rule {
            LengthRule::Fixed { .. } => 0,
            LengthRule::InHeader { word, .. } => word.needed_bytes(),
        };
        match self.extensions {
            ExtensionRule::Fixed { .. } => for_samples,
            ExtensionRule::InExtension { .. } => for_samples.max(2 * TRACE_HEADER_BYTES),
        }
    }

    /// The size of all traces; `None` where headers must be asked.
    pub(super) fn constant(&self) -> Option<TraceSize> {
        (self.needed_bytes() == 0).then(|| self.size(&[]))
    }

    /// Of the trace with these headers.
    pub(super) fn size(&self, headers: &[u8]) -> TraceSize {
        let n_samples = match self.rule {
            LengthRule::Fixed { n_samples } => n_samples,
            LengthRule::InHeader { word, otherwise } => match word.read(headers) {
                0 => otherwise,
                n_samples => n_samples,
            },
        };
        let n_additional = match self.extensions {
            ExtensionRule::Fixed { n_additional } => n_additional,
            ExtensionRule::InExtension { order, most } => match n_extensions_word(headers, order) {
                n if (1..=most).contains(&n) => n,
                _ => most,
            },
        };
        TraceSize {
            n_samples,
            n_additional,
        }
    }

    /// Bytes of a trace of this size.
    pub(super) fn bytes(&self, size: TraceSize) -> u64 {
        headers_bytes(size.n_additional) + u64::from(size.n_samples) * self.sample_bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEASURE: Measure = Measure {
        rule: LengthRule::InHeader {
            word: CountWord {
                order: ByteOrder::Big,
                extension: true,
            },
            otherwise: 100,
        },
        extensions: ExtensionRule::InExtension {
            order: ByteOrder::Big,
            most: 3,
        },
        sample_bytes: 4,
    };

    fn headers(samples: u16, n_extensions: u16) -> Vec<u8> {
        let mut headers = vec![0; 480];
        headers[114..116].copy_from_slice(&samples.to_be_bytes());
        headers[396..398].copy_from_slice(&n_extensions.to_be_bytes());
        headers
    }

    #[test]
    fn a_trace_is_as_large_as_its_headers_say() {
        for (samples, extensions, expected) in [
            (50, 2, (50, 2)),
            (0, 1, (100, 1)),
            // Nothing, and nonsense: as many as the file has at most.
            (50, 0, (50, 3)),
            (50, 4, (50, 3)),
            (50, 65_535, (50, 3)),
        ] {
            let size = MEASURE.size(&headers(samples, extensions));
            assert_eq!((size.n_samples, size.n_additional), expected);
            let bytes = 240 * (1 + u64::from(expected.1)) + 4 * u64::from(expected.0);
            assert_eq!(MEASURE.bytes(size), bytes);
        }
        assert_eq!(MEASURE.needed_bytes(), 480);
        assert_eq!(MEASURE.constant(), None);
    }

    #[test]
    fn where_nothing_is_asked_all_traces_are_alike() {
        let measure = Measure {
            rule: LengthRule::Fixed { n_samples: 7 },
            extensions: ExtensionRule::Fixed { n_additional: 1 },
            sample_bytes: 2,
        };
        let size = TraceSize {
            n_samples: 7,
            n_additional: 1,
        };
        assert_eq!(measure.constant(), Some(size));
        assert_eq!(measure.bytes(size), 494);
    }
}
