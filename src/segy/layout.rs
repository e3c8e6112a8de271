//! Where does everything lie in this file, and how do we know?
//!
//! ```text
//! | textual 3200 | binary 400 | extended textual n × 3200 | trace 0 | trace 1 | … | trailer |
//!                                                         ^ data_start            ^ trailer_start
//! trace = header 240 | additional headers k × 240 | n_samples × size_bytes      (= stride)
//! ```
//! Every fact is decided by evidence, not by one header word: [`Decided`] says by which.
//! Nothing read here is trusted before it was compared with the file's length.

use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::fields_trace::TRACE_HEADER_BYTES;
use super::geometry::{Container, TraceGeometry, TraceLength};
use super::{ByteOrder, LayoutWarning, SampleFormat, Scalar, Scaling, TextEncoding};

/// A fact and the evidence for it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Decided<T> {
    /// The fact.
    pub value: T,
    /// Why, as a short phrase for people: "binary header, and the file's size fits".
    pub decided_by: String,
    /// What else was thinkable, each with what spoke against it; empty where nothing was.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<String>,
}

/// A revision of the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Revision {
    /// 0, 1 or 2.
    pub major: u8,
    /// As in 2.1.
    pub minor: u8,
}

impl Revision {
    /// All that the standard has had, the oldest first.
    pub const ALL: [Self; 4] = [
        Self { major: 0, minor: 0 },
        Self { major: 1, minor: 0 },
        Self { major: 2, minor: 0 },
        Self { major: 2, minor: 1 },
    ];

    /// The revision of this name: "1", "1.0", "2.1".
    ///
    /// # Errors
    /// A sentence with those that there are.
    pub fn parse(text: &str) -> Result<Self, String> {
        let named = |revision: &&Self| {
            let name = revision.to_string();
            name == text || name.strip_suffix(".0") == Some(text)
        };
        let found = Self::ALL.iter().find(named).copied();
        found.ok_or_else(|| "the revisions are 0, 1, 2.0 and 2.1".to_owned())
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// What the user knows better than the file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LayoutOverrides {
    /// Instead of the detected byte order.
    pub byte_order: Option<ByteOrder>,
    /// Instead of the format code of bytes 3225–3226.
    pub format_code: Option<i16>,
    /// Instead of the detected number of samples per trace.
    pub n_samples: Option<u32>,
    /// Instead of the recorded sample interval, in microseconds.
    pub interval_micros: Option<f64>,
    /// Instead of the guessed text encoding.
    pub text_encoding: Option<TextEncoding>,
    /// Instead of the detected number of extended textual file headers.
    pub n_extended_text_headers: Option<u32>,
    /// Instead of the detected number of additional headers per trace.
    pub n_additional_trace_headers: Option<u32>,
    /// Position of the first trace in the file, from 0.
    pub first_trace_position: Option<u64>,
    /// Whether all traces are equally long or each as long as its header says.
    pub trace_length: Option<TraceLength>,
    /// SEG-Y, or traces without file headers.
    pub container: Option<Container>,
    /// Instead of the revision of bytes 3501–3502.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<Revision>,
    /// Instead of each trace's own coordinate scalar (bytes 71–72).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coordinate_scalar: Option<Scalar>,
    /// When all traces start, in milliseconds, instead of each trace's delay recording time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay_millis: Option<f64>,
    /// Whether, or by which constant instead, the scalar of times (bytes 215–216) is applied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_scalar: Option<Scalar>,
}

/// Where everything lies. Invariant: all of it lies within the file's length as it was when scanned.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// The file's length when it was opened.
    pub file_size_bytes: u64,
    /// SEG-Y, or traces without file headers.
    pub container: Decided<Container>,
    /// Bytes of a tape label before the textual file header: 0 or 128.
    pub tape_label_bytes: u64,
    /// As far as the revision bytes can be believed.
    pub revision: Decided<Revision>,
    /// Of headers and samples.
    pub byte_order: Decided<ByteOrder>,
    /// Of the binary file header as it lies in the file, where it is not that of the traces.
    pub file_header_byte_order: Option<ByteOrder>,
    /// Of the samples.
    pub format: Decided<SampleFormat>,
    /// Per trace; of the longest one where lengths vary.
    pub n_samples: Decided<u32>,
    /// `None` where no usable interval is recorded: then the vertical axis counts samples.
    pub sample_interval_micros: Decided<Option<f64>>,
    /// Of the textual file header.
    pub text_encoding: Decided<TextEncoding>,
    /// By which coordinates are multiplied or divided.
    pub coordinate_scalar: Decided<Scalar>,
    /// When all traces start; `None`: each at its own delay recording time.
    pub delay_millis: Decided<Option<f64>>,
    /// By which the delay recording time is multiplied or divided; 1 where the word is not believed.
    pub time_scalar: Decided<Scalar>,
    /// Extended textual file headers between the binary file header and the first trace.
    pub n_extended_text_headers: Decided<u32>,
    /// Additional 240-byte trace headers behind each standard one (r2.0 §7.1); of the trace that has
    /// the most, where their number varies.
    pub n_additional_trace_headers: Decided<u32>,
    /// Position of the first trace header in the file.
    pub data_start: Decided<u64>,
    /// Bytes of one trace: headers and samples. Where these vary, no trace has more.
    pub trace_stride_bytes: u64,
    /// Whole traces; at least one.
    pub n_traces: u64,
    /// Position behind the last whole trace; what lies between here and the file's end is kept as the trailer.
    pub trailer_start: u64,
    /// Whether `data_start + trace_index × trace_stride_bytes` says where each trace lies.
    pub geometry: TraceGeometry,
    /// What was odd.
    pub warnings: Vec<LayoutWarning>,
}

impl Layout {
    /// Bytes of the headers of one trace, standard and additional; of the trace that has the most.
    pub fn trace_headers_bytes(&self) -> u64 {
        TRACE_HEADER_BYTES as u64 * (1 + u64::from(self.n_additional_trace_headers.value))
    }

    /// Bytes of the samples of one trace; of the longest one where lengths vary.
    pub fn trace_samples_bytes(&self) -> u64 {
        self.trace_stride_bytes - self.trace_headers_bytes()
    }

    /// Bytes from the first trace to behind the last one, gaps between them too.
    pub fn traces_bytes(&self) -> u64 {
        self.trailer_start.saturating_sub(self.data_start.value)
    }

    /// How words of the trace headers become coordinates and start times.
    pub fn scaling(&self) -> Scaling {
        Scaling {
            coordinate_scalar: self.coordinate_scalar.value,
            time_scalar: self.time_scalar.value,
            delay_millis: self.delay_millis.value,
        }
    }

    /// Where the bytes behind the last whole trace lie; empty in most files.
    pub fn trailer_bytes(&self) -> Range<u64> {
        self.trailer_start..self.file_size_bytes
    }
}

impl<T> Decided<T> {
    pub(super) fn new(value: T, decided_by: impl Into<String>) -> Self {
        Self {
            value,
            decided_by: decided_by.into(),
            alternatives: Vec::new(),
        }
    }

    /// The same with something else that was thinkable.
    #[must_use]
    pub(super) fn instead_of(mut self, alternative: impl Into<String>) -> Self {
        self.alternatives.push(alternative.into());
        self
    }

    /// What the user gave.
    pub(super) fn by_user(value: T) -> Self {
        Self::new(value, "given by the user")
    }
}
