//! Which characters do the textual headers hold? (r2.0 §4, §6; r1.0 appendix F)

use serde::{Deserialize, Serialize};

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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextualHeader {
    /// The bytes as they stand in the file.
    pub raw: Vec<u8>,
    /// The code that they were read in.
    pub encoding: TextEncoding,
}

impl TextualHeader {
    /// The lines of 80 characters each, trailing blanks removed, control characters shown as blanks.
    pub fn lines(&self) -> Vec<String> {
        todo!()
    }
}

impl TextEncoding {
    /// The likelier code of `bytes`.
    pub fn guess(bytes: &[u8]) -> Self {
        let _ = bytes;
        todo!()
    }

    /// The text of `bytes`, one character a byte.
    pub fn decode(self, bytes: &[u8]) -> String {
        let _ = bytes;
        todo!()
    }

    /// `text` in this code; characters that it lacks become blanks.
    pub fn encode(self, text: &str) -> Vec<u8> {
        let _ = text;
        todo!()
    }
}
