//! How is a header made, word by word, by name or by byte?
//!
//! Values are checked against the word's type: what does not fit is an error, never cut off.

use super::fields_binary::{BINARY_HEADER_BYTES, FIRST_BINARY_BYTE, find_binary_field};
use super::fields_trace::{TRACE_HEADER_BYTES, find_trace_field};
use super::{ByteOrder, FieldKind, HeaderValue, Revision, SegyError};

/// The bytes of a header being made.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Words<const N: usize> {
    bytes: [u8; N],
    order: ByteOrder,
}

impl<const N: usize> Words<N> {
    fn new(order: ByteOrder) -> Self {
        Self {
            bytes: [0; N],
            order,
        }
    }

    /// Sets the word called `name`, if it has a place: byte in these bytes, from 1, and type.
    fn set(
        &mut self,
        name: &str,
        place: Option<(u16, FieldKind)>,
        value: &HeaderValue,
    ) -> Result<(), SegyError> {
        place
            .and_then(|(byte, kind)| kind.write(&mut self.bytes, byte, self.order, value))
            .ok_or_else(|| SegyError::HeaderWord {
                name: name.to_owned(),
                value: value.to_string(),
            })
    }
}

/// A binary file header whose words are set by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BinaryHeaderBuilder {
    words: Words<BINARY_HEADER_BYTES>,
}

impl BinaryHeaderBuilder {
    /// All words zero.
    pub fn new(order: ByteOrder) -> Self {
        Self {
            words: Words::new(order),
        }
    }

    /// Sets a word by its name in the table, in its oldest reading.
    ///
    /// # Errors
    /// `SegyError::HeaderWord` when there is no such word or the value does not fit it.
    pub fn set(
        &mut self,
        name: &str,
        value: impl Into<HeaderValue>,
    ) -> Result<&mut Self, SegyError> {
        let place = find_binary_field(name)
            .and_then(|field| Some((field.byte_in_binary_header()?, field.kind)));
        self.words.set(name, place, &value.into())?;
        Ok(self)
    }

    /// Sets any word by its byte as printed, 3201–3600.
    ///
    /// # Errors
    /// As [`Self::set`].
    pub fn set_at(
        &mut self,
        byte: u16,
        kind: FieldKind,
        value: impl Into<HeaderValue>,
    ) -> Result<&mut Self, SegyError> {
        let within = byte.checked_sub(FIRST_BINARY_BYTE - 1);
        let place = within.map(|byte| (byte, kind));
        self.words
            .set(&format!("at byte {byte}"), place, &value.into())?;
        Ok(self)
    }

    /// The 400 bytes.
    pub fn bytes(&self) -> &[u8; BINARY_HEADER_BYTES] {
        &self.words.bytes
    }

    /// Sets a word that is known to exist and to hold the value.
    pub(super) fn put(
        &mut self,
        byte: u16,
        kind: FieldKind,
        value: impl Into<HeaderValue>,
    ) -> &mut Self {
        let written = self.set_at(byte, kind, value).map(drop);
        debug_assert!(written.is_ok(), "{written:?}");
        self
    }

    /// Major and minor number, two bytes whatever the byte order.
    pub(super) fn put_revision(&mut self, revision: Revision) -> &mut Self {
        self.put(3501, FieldKind::U8, i64::from(revision.major))
            .put(3502, FieldKind::U8, i64::from(revision.minor))
    }
}

/// A trace header whose words are set by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceHeaderBuilder {
    words: Words<TRACE_HEADER_BYTES>,
}

impl TraceHeaderBuilder {
    /// All words zero.
    pub fn new(order: ByteOrder) -> Self {
        Self {
            words: Words::new(order),
        }
    }

    /// Sets a word by any of its names.
    ///
    /// # Errors
    /// `SegyError::HeaderWord` when there is no such word or the value does not fit it.
    pub fn set(
        &mut self,
        name: &str,
        value: impl Into<HeaderValue>,
    ) -> Result<&mut Self, SegyError> {
        let place = find_trace_field(name).map(|field| (field.byte, field.kind));
        self.words.set(name, place, &value.into())?;
        Ok(self)
    }

    /// Sets any word by its byte, from 1.
    ///
    /// # Errors
    /// As [`Self::set`].
    pub fn set_at(
        &mut self,
        byte: u16,
        kind: FieldKind,
        value: impl Into<HeaderValue>,
    ) -> Result<&mut Self, SegyError> {
        let place = Some((byte, kind));
        self.words
            .set(&format!("at byte {byte}"), place, &value.into())?;
        Ok(self)
    }

    /// The 240 bytes.
    pub fn bytes(&self) -> &[u8; TRACE_HEADER_BYTES] {
        &self.words.bytes
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn words_are_set_by_any_name_and_checked() {
        let mut header = TraceHeaderBuilder::new(ByteOrder::Little);
        header.set("il", 7).unwrap().set("delay", -20).unwrap();
        assert_eq!(header.bytes()[188..192], 7_i32.to_le_bytes());
        assert_eq!(header.bytes()[108..110], (-20_i16).to_le_bytes());
        let error = header.set("delay", 40_000).unwrap_err();
        assert!(
            error.to_string().contains("delay cannot hold 40000"),
            "{error}"
        );
        assert!(header.set("no such word", 1).is_err());
        let mut binary = BinaryHeaderBuilder::new(ByteOrder::Big);
        binary.set("samples_per_trace", 60_000).unwrap();
        assert_eq!(binary.bytes()[20..22], 60_000_u16.to_be_bytes());
        assert!(binary.set_at(3200, FieldKind::I16, 1).is_err());
    }
}
