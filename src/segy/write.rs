//! How is a SEG-Y file written, from headers by name and traces one by one?
//!
//! For the demo, exports in other forms, and tests. (The exact export needs none of this: it
//! writes the bytes that it kept.)

use std::io::Write;

use super::fields_trace::TRACE_HEADER_BYTES;
use super::header_builder::BinaryHeaderBuilder;
use super::{
    ByteOrder, FieldKind, HeaderValue, Revision, SampleFormat, SegyError, TextEncoding,
    TextualHeader, encode,
};
use crate::samples::Samples;

/// Everything in front of the first trace.
#[derive(Clone, Debug)]
pub struct FileHeaderSpec {
    /// Of headers and samples.
    pub byte_order: ByteOrder,
    /// Of the samples.
    pub format: SampleFormat,
    /// Per trace.
    pub n_samples: u32,
    /// The textual file header.
    pub textual_header: TextualHeader,
    /// Extended textual file headers.
    pub extended_textual_headers: Vec<TextualHeader>,
    /// The binary file header; its words may be set further.
    pub binary_header: BinaryHeaderBuilder,
}

impl FileHeaderSpec {
    /// Headers that say what is given, with a blank textual header in EBCDIC.
    ///
    /// Revision 1.0 where it suffices, else 2.0 (little-endian, more than 65,535 samples, an
    /// interval of fractions of a microsecond, a format of revision 2).
    pub fn new(
        byte_order: ByteOrder,
        format: SampleFormat,
        n_samples: u32,
        interval_micros: f64,
    ) -> Self {
        let short_samples = u16::try_from(n_samples).ok();
        let short_interval = short_interval(interval_micros);
        let in_revision_1 = [1, 2, 3, 5, 8].contains(&format.code())
            && byte_order == ByteOrder::Big
            && short_samples.is_some()
            && short_interval.is_some();
        let major = if in_revision_1 { 1 } else { 2 };
        let mut binary = BinaryHeaderBuilder::new(byte_order);
        binary
            .put(3217, FieldKind::U16, i64::from(short_interval.unwrap_or(0)))
            .put(3221, FieldKind::U16, i64::from(short_samples.unwrap_or(0)))
            .put(3225, FieldKind::I16, i64::from(format.code()))
            .put_revision(Revision { major, minor: 0 })
            .put(3503, FieldKind::I16, 1);
        if !in_revision_1 {
            binary
                .put(3269, FieldKind::U32, i64::from(n_samples))
                .put(3273, FieldKind::F64, HeaderValue::Float(interval_micros))
                .put(3297, FieldKind::U32, 0x0102_0304);
        }
        Self {
            byte_order,
            format,
            n_samples,
            textual_header: TextualHeader::from_lines(&[], TextEncoding::Ebcdic),
            extended_textual_headers: Vec::new(),
            binary_header: binary,
        }
    }
}

/// The interval where the 16-bit word can hold it.
fn short_interval(micros: f64) -> Option<u16> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "within the range, and whole"
    )]
    (micros.fract() == 0.0 && (0.0..=32_767.0).contains(&micros)).then_some(micros as u16)
}

/// Writes a SEG-Y file, front to back.
///
/// # Examples
/// ```
/// use shotpoint::samples::Samples;
/// use shotpoint::segy::{ByteOrder, FileHeaderSpec, SampleFormat, SegyWriter, TraceHeaderBuilder};
///
/// let spec = FileHeaderSpec::new(ByteOrder::Big, SampleFormat::Ibm32, 3, 4000.0);
/// let mut writer = SegyWriter::new(Vec::new(), &spec)?;
/// let mut header = TraceHeaderBuilder::new(ByteOrder::Big);
/// header.set("ffid", 101)?.set("channel", 1)?;
/// writer.write_trace(header.bytes(), &Samples::Float32(vec![0.0, 1.0, -0.5]))?;
/// assert_eq!(writer.finish()?.len(), 3600 + 240 + 3 * 4);
/// # Ok::<(), shotpoint::segy::SegyError>(())
/// ```
#[derive(Debug)]
pub struct SegyWriter<W: Write> {
    output: W,
    byte_order: ByteOrder,
    format: SampleFormat,
    n_samples: usize,
    /// Reused from trace to trace.
    sample_bytes: Vec<u8>,
}

impl<W: Write> SegyWriter<W> {
    /// Writes the file headers; the count of extended textual headers is set to what there is.
    ///
    /// # Errors
    /// When writing fails, or for a format that is not written.
    pub fn new(mut output: W, spec: &FileHeaderSpec) -> Result<Self, SegyError> {
        let mut binary = spec.binary_header.clone();
        let n_extended = spec.extended_textual_headers.len();
        let n_extended = i64::try_from(n_extended).unwrap_or(i64::MAX);
        binary.set("num_extended_text_headers", n_extended)?;
        let write = |output: &mut W, bytes: &[u8]| {
            output
                .write_all(bytes)
                .map_err(|source| SegyError::Write { source })
        };
        write(&mut output, &spec.textual_header.raw)?;
        write(&mut output, binary.bytes())?;
        for header in &spec.extended_textual_headers {
            write(&mut output, &header.raw)?;
        }
        super::decode::check_supported(spec.format)?;
        Ok(Self {
            output,
            byte_order: spec.byte_order,
            format: spec.format,
            n_samples: usize::try_from(spec.n_samples).unwrap_or(usize::MAX),
            sample_bytes: Vec::new(),
        })
    }

    /// Writes one trace.
    ///
    /// # Errors
    /// When writing fails, or the samples are not as many, or not of the type, that the file header says.
    pub fn write_trace(
        &mut self,
        header: &[u8; TRACE_HEADER_BYTES],
        samples: &Samples,
    ) -> Result<(), SegyError> {
        if samples.len() != self.n_samples {
            return Err(SegyError::SamplesMismatch {
                format: self.format,
                n_bytes: self.n_samples.saturating_mul(self.format.size_bytes()),
                n_samples: samples.len(),
                number_type: samples.number_type(),
            });
        }
        let mut sample_bytes = std::mem::take(&mut self.sample_bytes);
        let encoded = encode(self.format, self.byte_order, samples, &mut sample_bytes);
        self.sample_bytes = sample_bytes;
        encoded?;
        self.output
            .write_all(header)
            .and_then(|()| self.output.write_all(&self.sample_bytes))
            .map_err(|source| SegyError::Write { source })
    }

    /// Flushes, and gives the output back.
    ///
    /// # Errors
    /// When writing fails.
    pub fn finish(mut self) -> Result<W, SegyError> {
        self.output
            .flush()
            .map_err(|source| SegyError::Write { source })?;
        Ok(self.output)
    }
}

#[cfg(test)]
pub(super) mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::segy::TraceHeaderBuilder;

    /// A plain file: IBM floats, traces numbered from 1, sample `i` of trace `t` is `t + i / 8`.
    pub(in crate::segy) fn small_file(n_traces: u64, n_samples: usize) -> Vec<u8> {
        let samples = u32::try_from(n_samples).unwrap();
        let mut spec = FileHeaderSpec::new(ByteOrder::Big, SampleFormat::Ibm32, samples, 2000.0);
        let cards = ["C 1 TEST FILE", "C 2 NOTHING IN IT IS REAL"];
        spec.textual_header = TextualHeader::from_lines(&cards, TextEncoding::Ebcdic);
        let mut writer = SegyWriter::new(Vec::new(), &spec).unwrap();
        for trace in 1..=i64::try_from(n_traces).unwrap() {
            let mut header = TraceHeaderBuilder::new(ByteOrder::Big);
            header.set("tracl", trace).unwrap().set("ffid", 1).unwrap();
            let values = (0..n_samples).map(|i| trace as f32 + i as f32 / 8.0);
            let samples = Samples::Float32(values.collect());
            writer.write_trace(header.bytes(), &samples).unwrap();
        }
        writer.finish().unwrap()
    }

    #[test]
    fn revision_2_is_used_where_1_does_not_suffice() {
        let revision = |order, format, n_samples, micros| {
            let spec = FileHeaderSpec::new(order, format, n_samples, micros);
            spec.binary_header.bytes()[300]
        };
        assert_eq!(
            revision(ByteOrder::Big, SampleFormat::Ibm32, 100, 4000.0),
            1
        );
        assert_eq!(
            revision(ByteOrder::Little, SampleFormat::Ibm32, 100, 4000.0),
            2
        );
        assert_eq!(
            revision(ByteOrder::Big, SampleFormat::Ieee64, 100, 4000.0),
            2
        );
        assert_eq!(
            revision(ByteOrder::Big, SampleFormat::Ibm32, 70_000, 4000.0),
            2
        );
        assert_eq!(revision(ByteOrder::Big, SampleFormat::Ibm32, 100, 0.5), 2);
    }

    #[test]
    fn samples_that_do_not_fit_the_headers_are_refused() {
        let spec = FileHeaderSpec::new(ByteOrder::Big, SampleFormat::Int16, 2, 4000.0);
        let mut writer = SegyWriter::new(Vec::new(), &spec).unwrap();
        let header = TraceHeaderBuilder::new(ByteOrder::Big);
        let mut write = |samples| writer.write_trace(header.bytes(), &samples);
        assert!(write(Samples::Int16(vec![1, 2])).is_ok());
        assert!(write(Samples::Int16(vec![1])).is_err());
        assert!(write(Samples::Float32(vec![1.0, 2.0])).is_err());
        assert_eq!(writer.finish().unwrap().len(), 3600 + 244);
    }
}
