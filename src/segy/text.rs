//! Which characters do the textual headers hold? (r2.0 §4, §6; r1.0 appendix F)

use std::fmt;

use serde::{Deserialize, Serialize};

use super::ebcdic::{EBCDIC_FROM_LATIN_1, LATIN_1_FROM_EBCDIC};

/// Bytes of a textual file header, and of each extended one.
pub const TEXTUAL_HEADER_BYTES: usize = 3200;

/// Characters of a line, a punched card's.
const LINE_CHARACTERS: usize = 80;

/// The character code of textual headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TextEncoding {
    /// Code page 037.
    Ebcdic,
    /// ASCII; bytes above 127 are read as Latin-1.
    Ascii,
}

/// One textual file header: 3200 bytes, 40 lines of 80 characters.
#[derive(Clone, PartialEq, Eq)]
pub struct TextualHeader {
    /// The bytes as they stand in the file.
    pub raw: Vec<u8>,
    /// The code that they were read in.
    pub encoding: TextEncoding,
}

impl fmt::Debug for TextualHeader {
    /// The first line only: 3200 numbers help nobody.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first_line = self.lines().into_iter().next().unwrap_or_default();
        f.debug_struct("TextualHeader")
            .field("encoding", &self.encoding)
            .field("first_line", &first_line)
            .finish_non_exhaustive()
    }
}

impl TextualHeader {
    /// A header of at most 40 `lines`; longer lines are cut at 80 characters, the rest is blank.
    pub fn from_lines(lines: &[&str], encoding: TextEncoding) -> Self {
        let mut raw = encoding.encode(" ").repeat(TEXTUAL_HEADER_BYTES);
        for (card, line) in raw.chunks_mut(LINE_CHARACTERS).zip(lines) {
            for (byte, character) in card.iter_mut().zip(encoding.encode(line)) {
                *byte = character;
            }
        }
        Self { raw, encoding }
    }

    /// The lines of 80 characters each, trailing blanks removed, control characters shown as blanks.
    pub fn lines(&self) -> Vec<String> {
        self.raw
            .chunks(LINE_CHARACTERS)
            .map(|card| {
                let text = self.encoding.decode(card);
                let shown: String = text
                    .chars()
                    .map(|c| if c.is_control() { ' ' } else { c })
                    .collect();
                shown.trim_end().to_owned()
            })
            .collect()
    }

    /// Whether it says nothing: all zero bytes or blanks, in whichever code.
    pub fn is_empty(&self) -> bool {
        self.raw.iter().all(|byte| matches!(byte, 0 | 0x20 | 0x40))
    }
}

impl TextEncoding {
    /// The likelier code of `bytes`: the one in which more of them are blanks, letters, digits and
    /// the punctuation that headers are full of. ASCII where nothing speaks for either.
    pub fn guess(bytes: &[u8]) -> Self {
        let likely_in = |code: Self| {
            let likely = |&&byte: &&u8| is_usual(code.latin_1(byte));
            bytes.iter().filter(likely).count()
        };
        if likely_in(Self::Ebcdic) > likely_in(Self::Ascii) {
            Self::Ebcdic
        } else {
            Self::Ascii
        }
    }

    /// The text of `bytes`, one character a byte.
    pub fn decode(self, bytes: &[u8]) -> String {
        bytes
            .iter()
            .map(|&byte| char::from(self.latin_1(byte)))
            .collect()
    }

    /// `text` in this code; characters that it lacks become blanks.
    pub fn encode(self, text: &str) -> Vec<u8> {
        text.chars()
            .map(|c| {
                let latin_1 = u8::try_from(c).unwrap_or(b' ');
                match self {
                    Self::Ebcdic => EBCDIC_FROM_LATIN_1[usize::from(latin_1)],
                    Self::Ascii => latin_1,
                }
            })
            .collect()
    }

    /// For people: "EBCDIC".
    pub fn label(self) -> &'static str {
        match self {
            Self::Ebcdic => "EBCDIC",
            Self::Ascii => "ASCII",
        }
    }

    fn latin_1(self, byte: u8) -> u8 {
        match self {
            Self::Ebcdic => LATIN_1_FROM_EBCDIC[usize::from(byte)],
            Self::Ascii => byte,
        }
    }
}

/// Blanks, letters, digits and the commonest punctuation.
fn is_usual(latin_1: u8) -> bool {
    latin_1.is_ascii_alphanumeric() || b" .,:;-_/()=#".contains(&latin_1)
}

/// Whether a block of 3200 bytes reads as text rather than as traces: nearly all printable or
/// blank in one code, and not merely zeros.
pub(super) fn looks_like_text(bytes: &[u8]) -> bool {
    /// Of a hundred bytes, those that must be characters.
    const PERCENT: usize = 95;

    let is_character = |latin_1: u8| latin_1.is_ascii_graphic() || latin_1.is_ascii_whitespace();
    [TextEncoding::Ebcdic, TextEncoding::Ascii]
        .iter()
        .any(|code| {
            let latin_1 = || bytes.iter().map(|&byte| code.latin_1(byte));
            let n_characters = latin_1().filter(|&c| is_character(c)).count();
            let n_zeros = latin_1().filter(|&c| c == 0).count();
            let n_usual = latin_1().filter(|&c| is_usual(c)).count();
            (n_characters + n_zeros) * 100 >= bytes.len() * PERCENT
                && n_usual * 2 >= n_characters
                && n_characters * 10 >= bytes.len()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CARDS: [&str; 3] = [
        "C 1 CLIENT: NOBODY",
        "C 2 Line 12, 4 ms",
        "C40 END TEXTUAL HEADER",
    ];

    #[test]
    fn lines_come_back_in_either_code() {
        for encoding in [TextEncoding::Ebcdic, TextEncoding::Ascii] {
            let header = TextualHeader::from_lines(&CARDS, encoding);
            assert_eq!(header.raw.len(), TEXTUAL_HEADER_BYTES);
            assert_eq!(header.lines().len(), 40);
            assert_eq!(header.lines()[..3], CARDS);
            assert_eq!(TextEncoding::guess(&header.raw), encoding);
            assert!(looks_like_text(&header.raw));
            assert!(!header.is_empty());
        }
    }

    #[test]
    fn zeros_blanks_and_stray_zero_bytes_are_guessed_right() {
        assert_eq!(TextEncoding::guess(&[0; 3200]), TextEncoding::Ascii);
        assert_eq!(TextEncoding::guess(&[0x40; 3200]), TextEncoding::Ebcdic);
        assert_eq!(TextEncoding::guess(&[0x20; 3200]), TextEncoding::Ascii);
        for encoding in [TextEncoding::Ebcdic, TextEncoding::Ascii] {
            let mut header = TextualHeader::from_lines(&CARDS, encoding);
            header.raw[5] = 0;
            assert_eq!(TextEncoding::guess(&header.raw), encoding);
            assert_eq!(header.lines()[0], "C 1 C IENT: NOBODY");
            // A few characters in a sea of zeros.
            header.raw[100..].fill(0);
            assert_eq!(TextEncoding::guess(&header.raw), encoding);
        }
        let empty = |raw: Vec<u8>| {
            let encoding = TextEncoding::guess(&raw);
            TextualHeader { raw, encoding }.is_empty()
        };
        assert!(empty(vec![0; 3200]) && empty(vec![0x40; 3200]) && empty(vec![0x20; 3200]));
    }

    #[test]
    fn characters_that_a_code_lacks_become_blanks() {
        assert_eq!(TextEncoding::Ascii.encode("a→b"), b"a b");
        assert_eq!(
            TextEncoding::Ebcdic.decode(&TextEncoding::Ebcdic.encode("é→ß")),
            "é ß"
        );
    }

    #[test]
    fn samples_do_not_look_like_text() {
        assert!(!looks_like_text(&[0; 3200]));
        let ramp: Vec<u8> = (0..800_u32)
            .flat_map(|i| (i * 77_777).to_be_bytes())
            .collect();
        assert!(!looks_like_text(&ramp));
    }
}
