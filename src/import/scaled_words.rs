//! Where do a trace's coordinate scalar and its start time come from? Words of the header as the
//! mapping places them, and what the layout says of their scalars.

use serde::{Deserialize, Serialize};

use super::Mapping;
use super::tally::Word;
use crate::segy::fields_trace::TRACE_HEADER_BYTES;
use crate::segy::{ByteOrder, Scalar, Scaling};

/// By which a trace's coordinates are multiplied (positive) or divided (negative).
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct CoordinateScalar {
    word: Word,
    scalar: Scalar,
}

impl CoordinateScalar {
    pub(super) fn of(mapping: &Mapping, scaling: &Scaling) -> Self {
        Self {
            word: Word::of(mapping, "coordinate_scalar"),
            scalar: scaling.coordinate_scalar,
        }
    }

    /// Whether each trace has its own.
    pub(super) fn is_of_each_trace(self) -> bool {
        self.scalar == Scalar::OfEachTrace
    }

    /// Of the trace with this header; 0 counts as 1.
    pub(super) fn read(self, header: &[u8], order: ByteOrder) -> i64 {
        match self.scalar.constant() {
            Some(constant) => i64::from(constant),
            None => self.word.read(header, order),
        }
    }

    /// The word it is read from, if it is read.
    pub(super) fn word(self) -> Option<Word> {
        self.is_of_each_trace().then_some(self.word)
    }

    /// Whether it is read from an additional trace header.
    pub(super) fn reaches_further(self) -> bool {
        self.word()
            .is_some_and(|word| usize::from(word.byte) > TRACE_HEADER_BYTES)
    }
}

/// When a trace starts.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct StartTime {
    delay: Word,
    time_scalar: Word,
    scaling: Scaling,
}

impl StartTime {
    pub(super) fn of(mapping: &Mapping, scaling: &Scaling) -> Self {
        Self {
            delay: Word::of(mapping, "delay_recording_time"),
            time_scalar: Word::of(mapping, "times_scalar"),
            scaling: *scaling,
        }
    }

    /// In milliseconds, of the trace with this header.
    pub(super) fn millis(self, header: &[u8], order: ByteOrder) -> f64 {
        let delay = self.delay.read(header, order);
        let scalar = self.time_scalar.read(header, order);
        self.scaling.start_millis(delay, scalar)
    }

    /// The words it is read from, where nothing overrules them.
    pub(super) fn words(self) -> [Word; 2] {
        [self.delay, self.time_scalar]
    }

    /// Whether it is read from an additional trace header.
    pub(super) fn reaches_further(self) -> bool {
        self.words()
            .iter()
            .any(|word| usize::from(word.byte) > TRACE_HEADER_BYTES)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::MappedColumn;
    use crate::segy::FieldKind;

    #[test]
    fn words_are_read_where_the_mapping_places_them_unless_a_constant_is_told() {
        let mut header = [0_u8; TRACE_HEADER_BYTES];
        header[70..72].copy_from_slice(&(-100_i16).to_be_bytes());
        header[104..106].copy_from_slice(&250_i16.to_be_bytes());
        header[214..216].copy_from_slice(&(-10_i16).to_be_bytes());
        let mapping = Mapping {
            columns: vec![MappedColumn {
                name: "delay_recording_time".to_owned(),
                byte: 105,
                kind: FieldKind::I16,
            }],
            ..Mapping::default()
        };
        let each = Scaling {
            time_scalar: Scalar::OfEachTrace,
            ..Scaling::default()
        };
        let start = |scaling| {
            let start = StartTime::of(&mapping, &scaling);
            start.millis(&header, ByteOrder::Big).to_string()
        };
        assert_eq!(start(each), "25");
        assert_eq!(start(Scaling::default()), "250");
        let scalar =
            |scaling| CoordinateScalar::of(&mapping, &scaling).read(&header, ByteOrder::Big);
        assert_eq!(scalar(each), -100);
        let told = Scaling {
            coordinate_scalar: Scalar::Constant(10),
            ..each
        };
        assert_eq!(scalar(told), 10);
    }
}
