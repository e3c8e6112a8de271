//! Are the samples IBM or IEEE floats, whatever the format code says?
//!
//! Both are four bytes. IBM floats are normalised: the first four bits of their fraction are not all
//! zero. In IEEE floats the same bits are zero in one word of sixteen:
//!
//! ```text
//! IBM   seeeeeee ffff…   ffff ≠ 0000, but for programs that do not normalise
//! IEEE  seeeeeee emmm…   emmm = 0000 in about one of sixteen words of each exponent
//! ```
//! A code is overruled only by many words of many traces, with several exponents of which each says
//! the same, and (IBM to IEEE) where the samples make a smoother trace that way. Less evidence is a
//! remark: makers have written all kinds of words, and data of few values prove nothing.

use super::resync::Samples as Written;
use super::structure::Structure;
use crate::segy::geometry::TraceIndex;
use crate::segy::source::Source;
use crate::segy::{Decided, LayoutWarning, SampleFormat, SegyError, decode_f32};

/// Traces looked at, spread over the file.
const N_TRACES: u64 = 64;
/// Samples of each.
const MOST_SAMPLES: u32 = 2048;

/// Overrules the format code where the samples leave no doubt; remarks where they leave some.
pub(super) fn decide(
    source: &Source,
    structure: &mut Structure,
) -> Result<Option<LayoutWarning>, SegyError> {
    let format = structure.coding.format.value;
    if structure.coding.is_guess {
        return Ok(None);
    }
    let Some(other) = other_float(format) else {
        return Ok(None);
    };
    let order = structure.coding.byte_order.value;
    let mut evidence = Evidence::default();
    for bytes in looked_at(source, structure)? {
        evidence.add(&bytes, Written { format, order }, other)?;
    }
    let overruled = if format == SampleFormat::Ibm32 {
        evidence.is_surely_ieee()
    } else {
        evidence.is_surely_ibm()
    };
    if overruled {
        let code = format.code();
        let why = format!(
            "the words of {} traces are {}: {} of {} are not normalised as IBM floats",
            evidence.n_traces,
            other.label(),
            evidence.n_unnormalised(),
            evidence.n_words()
        );
        let decided = Decided::new(other, why);
        structure.coding.format = decided.instead_of(format!(
            "{}, as bytes 3225–3226 say (--format {code})",
            format.label()
        ));
        return Ok(Some(LayoutWarning::FormatCodeOverruled {
            code,
            used: other.code(),
        }));
    }
    let remark = format == SampleFormat::Ieee32 && evidence.may_be_ibm();
    Ok(remark.then(|| LayoutWarning::SamplesUnlikeIeee {
        n_seen: evidence.n_words(),
    }))
}

/// The other one of the two.
fn other_float(format: SampleFormat) -> Option<SampleFormat> {
    if format == SampleFormat::Ibm32 {
        Some(SampleFormat::Ieee32)
    } else {
        (format == SampleFormat::Ieee32).then_some(SampleFormat::Ibm32)
    }
}

/// The sample bytes of some traces, if samples have four bytes.
pub(super) fn looked_at(source: &Source, structure: &Structure) -> Result<Vec<Vec<u8>>, SegyError> {
    let n_traces = structure.n_traces;
    let n_looks = N_TRACES.min(n_traces);
    let shortest = structure
        .geometry
        .index()
        .map_or(structure.n_samples.value, TraceIndex::shortest_samples);
    let n_bytes = 4 * u64::from(shortest.min(MOST_SAMPLES));
    (0..n_looks)
        .map(|i| {
            let trace_index =
                u64::try_from(u128::from(i) * u128::from(n_traces) / u128::from(n_looks))
                    .unwrap_or(0);
            let start = structure.samples_of(source, trace_index)?;
            source.read(start..start + n_bytes)
        })
        .collect()
}

/// What words of one first byte (sign and seven bits of exponent; the sign left out) look like.
#[derive(Clone, Copy, Debug, Default)]
struct Exponent {
    /// By the first four bits of what IBM calls the fraction.
    n_by_nibble: [u32; 16],
}

impl Exponent {
    fn n_words(&self) -> u32 {
        self.n_by_nibble.iter().sum()
    }

    fn n_kinds(&self) -> usize {
        self.n_by_nibble.iter().filter(|&&n| n > 0).count()
    }
}

/// What the words of some traces look like, read as IBM floats.
#[derive(Debug)]
pub(super) struct Evidence {
    exponents: [Exponent; 128],
    n_traces: u64,
    /// Sums of |x| and of |difference to the next|, traces scaled alike: as coded, and otherwise.
    as_coded: Roughness,
    otherwise: Roughness,
}

impl Default for Evidence {
    fn default() -> Self {
        Self {
            exponents: [Exponent::default(); 128],
            n_traces: 0,
            as_coded: Roughness::default(),
            otherwise: Roughness::default(),
        }
    }
}

/// How much samples jump, as a part of their size: about 1.4 for noise, less for traces.
#[derive(Clone, Copy, Debug, Default)]
struct Roughness {
    sum: f64,
    n_traces: f64,
}

impl Roughness {
    fn add(&mut self, samples: &[f32]) {
        let finite = samples.iter().all(|sample| sample.is_finite());
        let size: f64 = samples.iter().map(|&x| f64::from(x).abs()).sum();
        let jumps: f64 = samples
            .windows(2)
            .map(|pair| match pair {
                [a, b] => (f64::from(*b) - f64::from(*a)).abs(),
                _ => 0.0,
            })
            .sum();
        if finite && size > 0.0 {
            self.sum += jumps / size;
        } else if !finite {
            self.sum += 2.0; // as rough as can be
        }
        if size > 0.0 || !finite {
            self.n_traces += 1.0;
        }
    }

    fn mean(self) -> f64 {
        self.sum / self.n_traces.max(1.0)
    }
}

impl Evidence {
    pub(super) fn add(
        &mut self,
        bytes: &[u8],
        written: Written,
        other: SampleFormat,
    ) -> Result<(), SegyError> {
        let mut used = false;
        for &word in bytes.as_chunks::<4>().0 {
            let word = written.order.u32_from(word);
            if word << 1 == 0 {
                continue;
            }
            used = true;
            let [first, second, ..] = word.to_be_bytes();
            let nibble = self
                .exponents
                .get_mut(usize::from(first & 0x7f))
                .and_then(|exponent| exponent.n_by_nibble.get_mut(usize::from(second >> 4)));
            if let Some(n) = nibble {
                *n += 1;
            }
        }
        self.n_traces += u64::from(used);
        let mut samples = Vec::new();
        decode_f32(written.format, written.order, bytes, &mut samples)?;
        self.as_coded.add(&samples);
        samples.clear();
        decode_f32(other, written.order, bytes, &mut samples)?;
        self.otherwise.add(&samples);
        Ok(())
    }

    pub(super) fn n_words(&self) -> u64 {
        self.exponents.iter().map(|e| u64::from(e.n_words())).sum()
    }

    pub(super) fn n_unnormalised(&self) -> u64 {
        let first = |exponent: &Exponent| exponent.n_by_nibble.first().copied().unwrap_or(0);
        self.exponents.iter().map(|e| u64::from(first(e))).sum()
    }

    /// Exponents with enough words of many kinds to say something.
    fn telling(&self, fewest_words: u32) -> impl Iterator<Item = &Exponent> {
        const FEWEST_KINDS: usize = 10;
        self.exponents
            .iter()
            .filter(move |e| e.n_words() >= fewest_words && e.n_kinds() >= FEWEST_KINDS)
    }

    /// Whether words of at least two exponents are many enough to say something.
    pub(super) fn is_varied(&self) -> bool {
        const FEWEST_WORDS: u32 = 50;
        let many = |exponent: &&Exponent| exponent.n_words() >= FEWEST_WORDS;
        self.exponents.iter().filter(many).count() >= 2
    }

    /// Enough to overrule a header word at all.
    fn is_much(&self) -> bool {
        const FEWEST_TRACES: u64 = 8;
        const FEWEST_WORDS: u64 = 10_000;
        self.n_traces >= FEWEST_TRACES && self.n_words() >= FEWEST_WORDS
    }

    /// No word of any exponent is unnormalised, though there are many of several exponents.
    fn is_surely_ibm(&self) -> bool {
        const FEWEST_EXPONENTS: usize = 3;
        self.is_much()
            && self.n_unnormalised() == 0
            && self.telling(500).count() >= FEWEST_EXPONENTS
    }

    /// The same with less evidence.
    fn may_be_ibm(&self) -> bool {
        self.n_unnormalised() == 0 && self.telling(100).count() >= 2
    }

    /// About as many words are unnormalised as IEEE floats have, in several exponents, and the traces
    /// are clearly smoother that way.
    fn is_surely_ieee(&self) -> bool {
        const FEWEST_EXPONENTS: usize = 2;
        /// Of a thousand words.
        const SHARE: std::ops::RangeInclusive<u64> = 30..=130;
        const SMOOTHER: f64 = 1.25;

        let share = self.n_unnormalised() * 1000 / self.n_words().max(1);
        let has_some = |e: &&Exponent| {
            e.n_by_nibble
                .first()
                .is_some_and(|&n| n * 100 > e.n_words())
        };
        self.is_much()
            && SHARE.contains(&share)
            && self.telling(500).filter(has_some).count() >= FEWEST_EXPONENTS
            && self.as_coded.mean() > SMOOTHER * self.otherwise.mean()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::samples::Samples;
    use crate::segy::{ByteOrder, encode};

    const BIG: ByteOrder = ByteOrder::Big;

    /// Made-up noise between −1 and 1, always the same.
    fn noise(seed: &mut u64) -> f64 {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (*seed >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    }

    type Kind = (&'static str, fn(usize, usize, &mut u64) -> f64);

    /// Data of many kinds: trace, sample ─► value.
    const KINDS: &[Kind] = &[
        ("zeros", |_, _, _| 0.0),
        ("one value", |_, _, _| 1500.0),
        ("velocities", |t, i, _| {
            1500.0 + (i as f64) * 2.5 + (t % 7) as f64
        }),
        ("integers", |t, i, _| {
            (((i * 37 + t * 11) % 201) as f64) - 100.0
        }),
        ("small integers", |t, i, _| ((i + t) % 9) as f64),
        ("noise", |_, _, seed| noise(seed) * 1000.0),
        ("loud", |_, i, seed| {
            (i as f64 / 5.0).sin() * 1e9 * noise(seed)
        }),
        ("quiet", |_, i, seed| {
            (i as f64 / 5.0).sin() * 1e-9 * (1.0 + noise(seed) / 9.0)
        }),
        ("smooth", |t, i, _| ((i + t) as f64 / 11.0).sin() * 80.0),
        ("decaying", |_, i, seed| {
            ((i as f64 / 6.0).sin() + noise(seed) / 10.0) * 5000.0 * (-(i as f64) / 120.0).exp()
        }),
        ("spiky", |_, i, seed| {
            if i % 97 == 0 {
                1e4 * noise(seed)
            } else {
                noise(seed) / 50.0
            }
        }),
        ("muted", |_, i, seed| {
            if i < 300 {
                0.0
            } else {
                (i as f64 / 4.0).cos() * 30.0 + noise(seed)
            }
        }),
        ("depth", |_, i, _| i as f64 * 4.0),
        ("powers of two", |_, i, _| {
            f64::powi(2.0, i32::try_from(i % 20).unwrap() - 10)
        }),
        ("clipped", |_, i, seed| {
            ((i as f64 / 9.0).sin() * 9.0 + noise(seed)).clamp(-4.0, 4.0)
        }),
        ("rounded", |_, i, seed| {
            ((i as f64 / 9.0).sin() * 90.0 + noise(seed)).round()
        }),
    ];

    fn evidence(
        values: fn(usize, usize, &mut u64) -> f64,
        written: SampleFormat,
        read: SampleFormat,
    ) -> Evidence {
        let other = other_float(read).unwrap();
        let mut evidence = Evidence::default();
        let mut seed = 7;
        for trace in 0..64 {
            #[expect(clippy::cast_possible_truncation, reason = "samples are f32")]
            let floats = (0..1000)
                .map(|i| values(trace, i, &mut seed) as f32)
                .collect();
            let mut bytes = Vec::new();
            encode(written, BIG, &Samples::Float32(floats), &mut bytes).unwrap();
            let as_coded = Written {
                format: read,
                order: BIG,
            };
            evidence.add(&bytes, as_coded, other).unwrap();
        }
        evidence
    }

    #[test]
    fn a_right_code_is_never_overruled() {
        for (name, values) in KINDS {
            let ibm = evidence(*values, SampleFormat::Ibm32, SampleFormat::Ibm32);
            assert!(!ibm.is_surely_ieee(), "{name}: IBM floats");
            let ieee = evidence(*values, SampleFormat::Ieee32, SampleFormat::Ieee32);
            assert!(
                !ieee.is_surely_ibm() && !ieee.may_be_ibm(),
                "{name}: IEEE floats"
            );
        }
    }

    #[test]
    fn a_wrong_code_is_overruled_where_samples_are_recorded_ones() {
        let values = |wanted: &str| KINDS.iter().find(|(name, _)| *name == wanted).unwrap().1;
        let ibm = evidence(
            values("decaying"),
            SampleFormat::Ibm32,
            SampleFormat::Ieee32,
        );
        assert!(ibm.is_surely_ibm());
        let ieee = evidence(
            values("decaying"),
            SampleFormat::Ieee32,
            SampleFormat::Ibm32,
        );
        assert!(ieee.is_surely_ieee());
        // Two exponents are not enough to overrule, but for a remark.
        let ibm = evidence(values("muted"), SampleFormat::Ibm32, SampleFormat::Ieee32);
        assert!(!ibm.is_surely_ibm() && ibm.may_be_ibm());
    }
}
