//! In which other form shall a dataset be written? What the user asks for, before anything is checked.
//!
//! ```text
//! ExportForm ─plan─► FormPlan (checked, every decision made) ─run─► FormReport (what differs, and how often)
//! ```
//! The exact export gives the imported bytes back; this one gives another file, and says in
//! [`FormReport::changes`] all that is not as it was.

mod change;
mod choice;
mod file_headers;
mod fit;
mod plan;
mod revision;
mod run;
mod sort;
mod text;
mod trace_headers;
mod traces;

use std::ops::{Range, RangeInclusive};
use std::path::PathBuf;

use crate::segy::{ByteOrder, Revision, SampleFormat, TextEncoding};

pub use change::FormChange;
pub use plan::FormPlan;
pub use run::export_form;
pub use text::{read_text_lines, text_line};

/// What kind of file is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FileKind {
    /// File headers, then traces.
    #[default]
    SegY,
    /// Seismic Unix: traces of IEEE floats, no file headers; little-endian unless asked otherwise.
    SeismicUnix,
}

/// What the user asks for. Whatever is `None` or empty stays as it was in the imported file.
///
/// # Examples
/// ```
/// use shotpoint::export::ExportForm;
/// use shotpoint::segy::SampleFormat;
///
/// let form = ExportForm {
///     filter: Some("offset < 500".to_owned()),
///     sort_by: vec!["cdp".to_owned(), "offset".to_owned()],
///     format: ExportForm::parse_format("ieee"),
///     ..ExportForm::default()
/// };
/// assert_eq!(form.format, Some(SampleFormat::Ieee32));
/// assert!(!form.is_exact());
/// assert!(ExportForm::default().is_exact());
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ExportForm {
    /// Only these traces, counted from 0 in the order of the file.
    pub traces: Option<Range<u64>>,
    /// Only traces for which this condition over the headers holds.
    pub filter: Option<String>,
    /// Sorted by these header columns (smallest first, equal ones in the order of the file).
    pub sort_by: Vec<String>,
    /// SEG-Y or Seismic Unix.
    pub kind: FileKind,
    /// Of the samples.
    pub format: Option<SampleFormat>,
    /// Of headers and samples.
    pub byte_order: Option<ByteOrder>,
    /// Of the standard. Unasked, the file's own, raised where what else is asked for needs a newer one.
    pub revision: Option<Revision>,
    /// The textual file header, at most 40 lines of at most 80 characters.
    pub text: Option<Vec<String>>,
    /// Single lines of the textual file header: number from 1, and the whole line.
    pub text_lines: Vec<(u8, String)>,
    /// Of the textual headers.
    pub text_encoding: Option<TextEncoding>,
    /// Only samples within these times, in milliseconds on the dataset's vertical axis.
    pub window_millis: Option<RangeInclusive<f64>>,
    /// Whether traces are numbered anew from 1 (bytes 1–4 and 5–8 of the trace header).
    pub renumber: bool,
}

impl ExportForm {
    /// Whether nothing is asked for: then the exact export is what is wanted.
    pub fn is_exact(&self) -> bool {
        *self == Self::default()
    }

    /// A sample format by the name that users type, or by its code: "ibm", "ieee", "int16", "5".
    pub fn parse_format(text: &str) -> Option<SampleFormat> {
        let named = FORMAT_NAMES
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(text.trim()))
            .map(|&(_, format)| format);
        named.or_else(|| {
            let code = text.trim().parse().ok()?;
            SampleFormat::from_code(code).filter(|&f| f != SampleFormat::FixedPointWithGain)
        })
    }

    /// The names that [`Self::parse_format`] knows besides the codes.
    pub fn format_names() -> impl Iterator<Item = &'static str> {
        FORMAT_NAMES.iter().map(|&(name, _)| name)
    }

    /// A revision as users type it: "0", "1", "2", "2.0", "2.1".
    pub fn parse_revision(text: &str) -> Option<Revision> {
        let (major, minor) = match text.trim() {
            "0" | "0.0" => (0, 0),
            "1" | "1.0" => (1, 0),
            "2" | "2.0" => (2, 0),
            "2.1" => (2, 1),
            _ => return None,
        };
        Some(Revision { major, minor })
    }
}

/// Formats by name; several names may mean one.
const FORMAT_NAMES: [(&str, SampleFormat); 17] = [
    ("ibm", SampleFormat::Ibm32),
    ("ieee", SampleFormat::Ieee32),
    ("ibm32", SampleFormat::Ibm32),
    ("float32", SampleFormat::Ieee32),
    ("ieee32", SampleFormat::Ieee32),
    ("float64", SampleFormat::Ieee64),
    ("ieee64", SampleFormat::Ieee64),
    ("int8", SampleFormat::Int8),
    ("int16", SampleFormat::Int16),
    ("int24", SampleFormat::Int24),
    ("int32", SampleFormat::Int32),
    ("int64", SampleFormat::Int64),
    ("uint8", SampleFormat::Uint8),
    ("uint16", SampleFormat::Uint16),
    ("uint24", SampleFormat::Uint24),
    ("uint32", SampleFormat::Uint32),
    ("uint64", SampleFormat::Uint64),
];

/// How an export in another form ended well.
#[derive(Clone, Debug, PartialEq)]
pub struct FormReport {
    /// The file.
    pub path: PathBuf,
    /// Its length.
    pub bytes: u64,
    /// Of its bytes.
    pub sha256: String,
    /// Whether that is the source's SHA-256 all the same: nothing that was asked for changed a byte.
    pub same_as_source: bool,
    /// Traces in it.
    pub n_traces: u64,
    /// Per trace; of the longest.
    pub n_samples: u32,
    /// Of the samples.
    pub format: SampleFormat,
    /// Of headers and samples.
    pub byte_order: ByteOrder,
    /// Of the standard; `None` for Seismic Unix.
    pub revision: Option<Revision>,
    /// All that is not as it was in the imported file.
    pub changes: Vec<FormChange>,
    /// From start to end.
    pub seconds: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_known_by_name_and_by_code() {
        assert_eq!(ExportForm::parse_format("IBM"), Some(SampleFormat::Ibm32));
        assert_eq!(
            ExportForm::parse_format(" float64"),
            Some(SampleFormat::Ieee64)
        );
        assert_eq!(ExportForm::parse_format("16"), Some(SampleFormat::Uint8));
        for none in ["4", "13", "0", "-1", "double", ""] {
            assert_eq!(ExportForm::parse_format(none), None, "{none}");
        }
        for format in SampleFormat::all().filter(|&f| f != SampleFormat::FixedPointWithGain) {
            let code = format.code().to_string();
            assert_eq!(ExportForm::parse_format(&code), Some(format));
            assert!(FORMAT_NAMES.iter().any(|&(_, named)| named == format));
        }
    }
}
