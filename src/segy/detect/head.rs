//! What do the two file headers hold, as bytes and as words?

use crate::segy::fields_binary::{FIRST_BINARY_BYTE, binary_header_turned};
use crate::segy::source::Source;
use crate::segy::text::TEXTUAL_HEADER_BYTES;
use crate::segy::{ByteOrder, FieldKind, HeaderValue, SegyError};

const BINARY_HEADER_BYTES: u64 = 400;

/// The textual and the binary file header.
#[derive(Debug)]
pub(super) struct FileHead {
    /// 3200 bytes; none where it was cut off.
    pub(super) text: Vec<u8>,
    /// 400 bytes.
    pub(super) binary: Vec<u8>,
    /// Of a tape label before the textual header: 0 or 128.
    pub(super) tape_label_bytes: u64,
}

impl FileHead {
    pub(super) fn read(source: &Source, tape_label_bytes: u64) -> Result<Self, SegyError> {
        Self::read_with(source, tape_label_bytes, TEXTUAL_HEADER_BYTES)
    }

    /// With so many bytes of textual header.
    pub(super) fn read_with(
        source: &Source,
        tape_label_bytes: u64,
        text_bytes: usize,
    ) -> Result<Self, SegyError> {
        let text_end = tape_label_bytes + text_bytes as u64;
        let end = text_end + BINARY_HEADER_BYTES;
        if source.size_bytes() < end {
            return Err(SegyError::TooShort {
                needed_bytes: end,
                found_bytes: source.size_bytes(),
            });
        }
        Ok(Self {
            text: source.read(tape_label_bytes..text_end)?,
            binary: source.read(text_end..end)?,
            tape_label_bytes,
        })
    }

    /// Position behind the textual header.
    fn text_end(&self) -> u64 {
        self.tape_label_bytes + self.text.len() as u64
    }

    /// The same where the first trace begins at `position`: of words behind it, there are none.
    pub(super) fn cut_at(&self, position: u64) -> Self {
        let n_left =
            usize::try_from(position.saturating_sub(self.text_end())).unwrap_or(usize::MAX);
        let mut binary = self.binary.clone();
        if let Some(lost) = binary.get_mut(n_left..) {
            lost.fill(0);
        }
        let mut text = self.text.clone();
        let n_text = usize::try_from(position.saturating_sub(self.tape_label_bytes));
        if let Some(lost) = n_text.ok().and_then(|n| text.get_mut(n..)) {
            lost.fill(0);
        }
        Self {
            text,
            binary,
            tape_label_bytes: self.tape_label_bytes,
        }
    }

    /// The same with the words of the binary file header in the other byte order.
    pub(super) fn turned(&self) -> Self {
        Self {
            text: self.text.clone(),
            binary: binary_header_turned(&self.binary),
            ..*self
        }
    }

    /// Position behind the first words of the binary file header, without which nothing can be told.
    pub(super) fn words_end(&self) -> u64 {
        /// Up to the format code, bytes 3225–3226.
        const NEEDED_BYTES: u64 = 26;
        self.text_end() + NEEDED_BYTES
    }

    /// Position behind the binary file header.
    pub(super) fn end(&self) -> u64 {
        self.text_end() + BINARY_HEADER_BYTES
    }

    /// The word at `byte` as printed (3201–3600), as an integer; 0 where it is none.
    pub(super) fn int(&self, kind: FieldKind, byte: u16, order: ByteOrder) -> i64 {
        kind.read_i64(&self.binary, byte - (FIRST_BINARY_BYTE - 1), order)
            .unwrap_or(0)
    }

    /// The 64-bit floating-point word at `byte` as printed.
    pub(super) fn float(&self, byte: u16, order: ByteOrder) -> f64 {
        match FieldKind::F64.read(&self.binary, byte - (FIRST_BINARY_BYTE - 1), order) {
            Some(HeaderValue::Float(value)) => value,
            _ => 0.0,
        }
    }
}
