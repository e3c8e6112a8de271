//! What do a few traces' samples look like? Decoded for the eye, and their words judged: is the
//! format code true?

use std::collections::HashSet;

use crate::import::ImportWarning;
use crate::segy::{ByteOrder, SampleFormat, TextualHeader};
use crate::wording;

/// Distinct words that a judgement needs.
const ENOUGH_WORDS: usize = 300;
/// Distinct words that overrule the textual header.
const SURE_WORDS: usize = 100;
/// Distinct words that are kept.
const MAX_WORDS: usize = 100_000;

/// Samples of a few traces.
#[derive(Debug, Default)]
pub(super) struct AmplitudeLook {
    magnitudes: Vec<f32>,
    n_seen: u64,
    n_implausible: u64,
    /// Distinct words that are not zero, for the formats of four bytes.
    words: HashSet<u32>,
}

impl AmplitudeLook {
    /// Looks at one trace: its samples as `f32`, and the bytes that they came from. Gives the
    /// number of samples that are not finite, and whether all are zero.
    pub(super) fn add(
        &mut self,
        samples: &[f32],
        bytes: &[u8],
        format: SampleFormat,
        order: ByteOrder,
    ) -> (u64, bool) {
        let mut n_non_finite = 0;
        for &sample in samples {
            let magnitude = sample.abs();
            if magnitude.is_finite() {
                self.magnitudes.push(magnitude);
                let implausible = magnitude > 0.0 && !(1e-30..=1e30).contains(&magnitude);
                self.n_implausible += u64::from(implausible);
            } else {
                n_non_finite += 1;
            }
        }
        self.n_seen += samples.len() as u64;
        if matches!(format, SampleFormat::Ibm32 | SampleFormat::Ieee32) {
            let room = MAX_WORDS.saturating_sub(self.words.len());
            let words = bytes.chunks_exact(4).map(|word| {
                let word = [word[0], word[1], word[2], word[3]];
                order.u32_from(word)
            });
            self.words
                .extend(words.filter(|word| word << 1 != 0).take(room));
        }
        (n_non_finite, samples.iter().all(|&sample| sample == 0.0))
    }

    /// Percentiles 50, 90, 99 and 100 of |amplitude|; zeros where nothing was seen.
    pub(super) fn percentiles(&mut self) -> [f32; 4] {
        self.magnitudes.sort_unstable_by(f32::total_cmp);
        let last = self.magnitudes.len().saturating_sub(1);
        [50, 90, 99, 100].map(|percent| {
            self.magnitudes
                .get(last * percent / 100)
                .copied()
                .unwrap_or(0.0)
        })
    }

    /// What the words and the text header say against the format code.
    pub(super) fn warnings(
        &self,
        format: SampleFormat,
        text: &TextualHeader,
    ) -> Vec<ImportWarning> {
        let mut warnings = Vec::new();
        let words = self.words.len() as u64;
        if format == SampleFormat::Ibm32 {
            let reason = self
                .ieee_in_disguise()
                .or_else(|| text_says(text, "IEEE", "IBM").filter(|_| !self.is_surely_ibm()));
            warnings.extend(reason.map(|reason| ImportWarning::LooksLikeIeee { reason, words }));
        } else if format == SampleFormat::Ieee32 {
            let reason = self
                .ibm_in_disguise()
                .or_else(|| text_says(text, "IBM", "IEEE").filter(|_| !self.is_surely_ieee()));
            warnings.extend(reason.map(|reason| ImportWarning::LooksLikeIbm { reason, words }));
        }
        if self.n_implausible * 20 > self.n_seen {
            warnings.push(ImportWarning::ImplausibleAmplitudes {
                samples: self.n_implausible,
                seen: self.n_seen,
            });
        }
        warnings
    }

    /// IBM programs normalise: the fraction's first hexadecimal digit is not 0, and is small more
    /// often than large. In IEEE words the same four bits are the exponent's last and the
    /// fraction's first three: 0 in one word of about twelve, 8 or more in about half, and any of
    /// the sixteen here and there (other programs that do not normalise favour a few).
    fn ieee_in_disguise(&self) -> Option<String> {
        let (unnormalised, large) = self.first_digits();
        let n = self.words.len();
        let likely = n >= ENOUGH_WORDS
            && unnormalised * 50 > n
            && unnormalised * 4 < n
            && large * 100 > n * 35
            && self.n_first_digits() >= 14;
        likely.then(|| {
            format!(
                "{} of {} different sample words are not normalised, as IBM programs write them",
                wording::count(unnormalised as u64),
                wording::count(n as u64)
            )
        })
    }

    /// The other way round: of real IEEE words with such a digit below 8, one in about eight has 0,
    /// once they span a few octaves.
    fn ibm_in_disguise(&self) -> Option<String> {
        let (unnormalised, large) = self.first_digits();
        let n = self.words.len();
        let expected = (n - large) / 8;
        let likely = n >= ENOUGH_WORDS
            && expected >= 10
            && unnormalised * 20 <= expected
            && self.n_octaves() >= 4;
        likely.then(|| {
            format!(
                "{} of {} different sample words are normalised IBM numbers",
                wording::count((n - unnormalised) as u64),
                wording::count(n as u64)
            )
        })
    }

    /// Text is copied from file to file; words are not. So many normalised words and hardly any
    /// other are IBM's, whatever the text says: of IEEE words one in twelve would be another.
    fn is_surely_ibm(&self) -> bool {
        let (unnormalised, _) = self.first_digits();
        self.words.len() >= SURE_WORDS && unnormalised * 200 <= self.words.len()
    }

    /// Words that no IBM program writes, among enough.
    fn is_surely_ieee(&self) -> bool {
        let (unnormalised, _) = self.first_digits();
        self.words.len() >= SURE_WORDS && unnormalised * 50 >= self.words.len()
    }

    /// Exponents, read as IEEE, that one word in a hundred has at least.
    fn n_octaves(&self) -> usize {
        let mut counts = [0_usize; 256];
        self.words
            .iter()
            .for_each(|word| counts[(word >> 23 & 0xff) as usize] += 1);
        counts
            .iter()
            .filter(|&&count| count * 100 >= self.words.len().max(1))
            .count()
    }

    /// Different first digits.
    fn n_first_digits(&self) -> usize {
        let mut seen = [false; 16];
        self.words
            .iter()
            .for_each(|word| seen[(word >> 20 & 0xf) as usize] = true);
        seen.iter().filter(|&&seen| seen).count()
    }

    /// Words whose first hexadecimal digit of an IBM fraction is 0, and those where it is 8 or more.
    fn first_digits(&self) -> (usize, usize) {
        let digits = || self.words.iter().map(|word| (word >> 20) & 0xf);
        (
            digits().filter(|&digit| digit == 0).count(),
            digits().filter(|&digit| digit >= 8).count(),
        )
    }
}

/// The line of the textual header that names the other format and not this one.
fn text_says(text: &TextualHeader, other: &str, this: &str) -> Option<String> {
    let lines = text.lines();
    let upper: Vec<String> = lines.iter().map(|line| line.to_uppercase()).collect();
    if upper.iter().any(|line| holds_word(line, this)) {
        return None;
    }
    let found = upper.iter().position(|line| holds_word(line, other))?;
    let line = lines.get(found)?.trim();
    let shown: String = line.chars().take(60).collect();
    Some(format!("the text header says \"{shown}\""))
}

fn holds_word(line: &str, word: &str) -> bool {
    line.split(|c: char| !c.is_ascii_alphabetic())
        .any(|part| part == word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segy::TextEncoding;

    fn text(line: &str) -> TextualHeader {
        let mut raw = line.as_bytes().to_vec();
        raw.resize(3200, b' ');
        TextualHeader {
            raw,
            encoding: TextEncoding::Ascii,
        }
    }

    /// A decaying wave with some noise: what a trace is like.
    fn wave() -> Vec<f32> {
        (0..2000_u16)
            .map(|i| {
                let t = f32::from(i);
                let noise = (t * 12.9898).sin() * 43758.547;
                ((t * 0.13).sin() * 900.0 + noise.fract() * 200.0) / (1.0 + t * 0.01)
            })
            .collect()
    }

    /// Plain arithmetic: a normalised IBM word of a number.
    fn ibm_word(value: f32) -> u32 {
        let mut fraction = f64::from(value.abs());
        let mut exponent = 64_u32;
        while fraction >= 1.0 {
            fraction /= 16.0;
            exponent += 1;
        }
        while fraction > 0.0 && fraction < 1.0 / 16.0 {
            fraction *= 16.0;
            exponent -= 1;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "below 2^24 and positive"
        )]
        let digits = (fraction * 16_777_216.0) as u32;
        (u32::from(value < 0.0) << 31) | (exponent << 24) | digits
    }

    fn look(words: impl Iterator<Item = u32>, format: SampleFormat) -> AmplitudeLook {
        let bytes: Vec<u8> = words.flat_map(u32::to_be_bytes).collect();
        let mut look = AmplitudeLook::default();
        look.add(&[1.0], &bytes, format, ByteOrder::Big);
        look
    }

    #[test]
    fn true_formats_are_believed() {
        let plain = text("C 1 NOTHING TO SEE");
        let ibm = look(wave().into_iter().map(ibm_word), SampleFormat::Ibm32);
        assert_eq!(ibm.warnings(SampleFormat::Ibm32, &plain), []);
        let ieee = look(wave().into_iter().map(f32::to_bits), SampleFormat::Ieee32);
        assert_eq!(ieee.warnings(SampleFormat::Ieee32, &plain), []);
    }

    #[test]
    fn false_formats_are_found_by_their_words() {
        let plain = text("C 1 NOTHING TO SEE");
        let ieee = look(wave().into_iter().map(f32::to_bits), SampleFormat::Ibm32);
        let warnings = ieee.warnings(SampleFormat::Ibm32, &plain);
        assert!(
            matches!(warnings[..], [ImportWarning::LooksLikeIeee { .. }]),
            "{warnings:?}"
        );
        let ibm = look(wave().into_iter().map(ibm_word), SampleFormat::Ieee32);
        let warnings = ibm.warnings(SampleFormat::Ieee32, &plain);
        assert!(
            matches!(warnings[..], [ImportWarning::LooksLikeIbm { .. }]),
            "{warnings:?}"
        );
    }

    #[test]
    fn the_text_header_is_heard() {
        let look = AmplitudeLook::default();
        let warnings = look.warnings(SampleFormat::Ibm32, &text("Sample Format: MSDOS IEEE"));
        let sentence = warnings
            .first()
            .map(ToString::to_string)
            .unwrap_or_default();
        assert!(sentence.contains("MSDOS IEEE"), "{sentence}");
        assert!(sentence.contains("--format 5"), "{sentence}");
        assert_eq!(
            look.warnings(SampleFormat::Ibm32, &text("IEEE CONVERTED TO IBM")),
            []
        );
    }

    #[test]
    fn words_overrule_a_copied_text_header() {
        let ibm = look(wave().into_iter().map(ibm_word), SampleFormat::Ibm32);
        let says_ieee = text("C15 Trace sample format: IEEE floating point");
        assert_eq!(ibm.warnings(SampleFormat::Ibm32, &says_ieee), []);
        let ieee = look(wave().into_iter().map(f32::to_bits), SampleFormat::Ieee32);
        let says_ibm = text("SAMPLE FORMAT IBM");
        assert_eq!(ieee.warnings(SampleFormat::Ieee32, &says_ibm), []);
    }

    #[test]
    fn percentiles_are_of_magnitudes() {
        let mut look = AmplitudeLook::default();
        let samples: Vec<f32> = (0..=100_i16).map(|i| -f32::from(i)).collect();
        let (n_non_finite, dead) = look.add(&samples, &[], SampleFormat::Int16, ByteOrder::Big);
        assert_eq!((n_non_finite, dead), (0, false));
        assert_eq!(
            look.percentiles().map(f32::to_bits),
            [50.0_f32, 90.0, 99.0, 100.0].map(f32::to_bits)
        );
        let (n_non_finite, dead) =
            look.add(&[f32::NAN, 0.0], &[], SampleFormat::Ieee32, ByteOrder::Big);
        assert_eq!((n_non_finite, dead), (1, false));
    }
}
