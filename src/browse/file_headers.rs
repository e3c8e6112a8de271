//! What do the textual and the binary file headers say? Of a SEG-Y file, or as a dataset kept them.

use crate::dataset::Dataset;
use crate::segy::fields_binary::{BINARY_FIELDS, binary_header_turned};
use crate::segy::{
    ByteOrder, FieldSpec, HeaderValue, SegyError, SegyFile, Stanza, TEXTUAL_HEADER_BYTES,
    TextEncoding, TextualHeader, stanzas_of_pages,
};

/// Pages of 3,200 bytes of extended textual headers that are shown.
const MOST_PAGES: usize = 256;

/// A page of 40 lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextPage {
    /// "Textual file header", "Extended page 2".
    pub title: String,
    /// Without their trailing blanks.
    pub lines: Vec<String>,
    /// "EBCDIC" or "ASCII".
    pub encoding: &'static str,
}

/// A word of the binary file header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BinaryWord {
    /// First and last byte, as printed.
    pub bytes: (u16, u16),
    /// Column name.
    pub name: &'static str,
    /// As it stands.
    pub value: String,
    /// What the value stands for, where the standard says so.
    pub meaning: String,
    /// Whether it is 0 or blank.
    pub is_empty: bool,
}

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileHeaders {
    /// The textual file header, then the extended ones.
    pub pages: Vec<TextPage>,
    /// Name and text of each stanza.
    pub stanzas: Vec<(String, String)>,
    /// Empty where the file has no binary header.
    pub binary: Vec<BinaryWord>,
    /// "m" or "ft", where the binary header says so.
    pub length_unit: Option<&'static str>,
}

impl FileHeaders {
    fn of_parts(
        textual: &[TextualHeader],
        stanzas: Vec<Stanza>,
        binary: &[u8],
        order: ByteOrder,
    ) -> Self {
        let words: Vec<BinaryWord> = BINARY_FIELDS
            .iter()
            .filter_map(|field| word(field, binary, order))
            .collect();
        let is = |code: &str| {
            let mut words = words.iter();
            words.any(|w| w.name == "measurement_system_code" && w.value == code)
        };
        Self {
            length_unit: if is("1") {
                Some("m")
            } else if is("2") {
                Some("ft")
            } else {
                None
            },
            pages: textual
                .iter()
                .take(MOST_PAGES)
                .enumerate()
                .map(page)
                .collect(),
            stanzas: stanzas
                .into_iter()
                .map(|stanza| {
                    let name = if stanza.name.is_empty() {
                        "Text without a name".to_owned()
                    } else {
                        stanza.name
                    };
                    (name, stanza.body)
                })
                .collect(),
            binary: words,
        }
    }

    pub(super) fn of_file(file: &SegyFile) -> Result<Self, SegyError> {
        let mut textual = vec![file.textual_header().clone()];
        textual.extend(file.extended_textual_headers().iter().cloned());
        let mut stanzas = file.stanzas();
        stanzas.extend(file.trailer_stanzas()?);
        let order = file.layout().byte_order.value;
        Ok(Self::of_parts(
            &textual,
            stanzas,
            file.binary_header(),
            order,
        ))
    }

    pub(super) fn of_dataset(dataset: &Dataset) -> Self {
        let facts = &dataset.manifest().segy;
        let encoding = if facts.text_encoding == "ebcdic" {
            TextEncoding::Ebcdic
        } else {
            TextEncoding::Ascii
        };
        let header = |raw: &[u8]| TextualHeader {
            raw: raw.to_vec(),
            encoding,
        };
        // Datasets of files without file headers have no such parts.
        let part = |name: &str| dataset.segy_part(name).unwrap_or_default();
        let first = part("textual_header.bin");
        let extended = part("extended_textual_headers.bin");
        let mut textual: Vec<TextualHeader> = Vec::new();
        if !first.is_empty() {
            textual.push(header(&first));
        }
        let pages: Vec<TextualHeader> = extended
            .chunks_exact(TEXTUAL_HEADER_BYTES)
            .take(MOST_PAGES)
            .map(header)
            .collect();
        let stanzas = stanzas_of_pages(&pages);
        textual.extend(pages);
        let order = match facts.byte_order.as_str() {
            "little" => ByteOrder::Little,
            "pair-swapped" => ByteOrder::PairSwapped,
            _ => ByteOrder::Big,
        };
        let mut binary = part("binary_header.bin");
        if facts.file_header_byte_order.is_some() {
            binary = binary_header_turned(&binary);
        }
        Self::of_parts(&textual, stanzas, &binary, order)
    }
}

fn page((i, header): (usize, &TextualHeader)) -> TextPage {
    TextPage {
        title: if i == 0 {
            "Textual file header".to_owned()
        } else {
            format!("Extended page {i}")
        },
        lines: header.lines(),
        encoding: header.encoding.label(),
    }
}

fn word(field: &FieldSpec, header: &[u8], order: ByteOrder) -> Option<BinaryWord> {
    let byte = field.byte.checked_sub(3200)?;
    let read = field.kind.read(header, byte, order)?;
    let value = match &read {
        HeaderValue::Int(v) => v.to_string(),
        HeaderValue::Uint(v) => v.to_string(),
        HeaderValue::Float(v) => v.to_string(),
        HeaderValue::Text(text) => text.clone(),
    };
    let number = match read {
        HeaderValue::Int(v) => Some(v),
        HeaderValue::Uint(v) => i64::try_from(v).ok(),
        HeaderValue::Float(_) | HeaderValue::Text(_) => None,
    };
    let size = u16::try_from(field.kind.size_bytes()).unwrap_or(1);
    Some(BinaryWord {
        bytes: (field.byte, field.byte + size.saturating_sub(1)),
        name: field.name,
        is_empty: value.trim().is_empty() || value == "0",
        meaning: number
            .map(|number| meaning(field.name, number))
            .unwrap_or_default(),
        value,
    })
}

/// What codes stand for. (r2.0 §5, table 2)
const CODES: &[(&str, i64, &str)] = &[
    ("data_sample_format", 1, "4-byte IBM floating point"),
    ("data_sample_format", 2, "4-byte integer"),
    ("data_sample_format", 3, "2-byte integer"),
    ("data_sample_format", 4, "4-byte fixed point with gain"),
    ("data_sample_format", 5, "4-byte IEEE floating point"),
    ("data_sample_format", 6, "8-byte IEEE floating point"),
    ("data_sample_format", 7, "3-byte integer"),
    ("data_sample_format", 8, "1-byte integer"),
    ("data_sample_format", 9, "8-byte integer"),
    ("data_sample_format", 10, "4-byte unsigned integer"),
    ("data_sample_format", 11, "2-byte unsigned integer"),
    ("data_sample_format", 12, "8-byte unsigned integer"),
    ("data_sample_format", 15, "3-byte unsigned integer"),
    ("data_sample_format", 16, "1-byte unsigned integer"),
    (
        "trace_sorting_code",
        -1,
        "other: see the extended textual headers",
    ),
    ("trace_sorting_code", 0, "unknown"),
    ("trace_sorting_code", 1, "as recorded"),
    ("trace_sorting_code", 2, "by CDP ensembles"),
    ("trace_sorting_code", 3, "single fold continuous profile"),
    ("trace_sorting_code", 4, "horizontally stacked"),
    ("trace_sorting_code", 5, "by common source points"),
    ("trace_sorting_code", 6, "by common receiver points"),
    ("trace_sorting_code", 7, "by common offset points"),
    ("trace_sorting_code", 8, "by common midpoints"),
    ("trace_sorting_code", 9, "by common conversion points"),
    ("sweep_type_code", 1, "linear"),
    ("sweep_type_code", 2, "parabolic"),
    ("sweep_type_code", 3, "exponential"),
    ("sweep_type_code", 4, "other"),
    ("taper_type_code", 1, "linear"),
    ("taper_type_code", 2, "cosine squared"),
    ("taper_type_code", 3, "other"),
    ("correlated_data_code", 1, "not correlated"),
    ("correlated_data_code", 2, "correlated"),
    ("binary_gain_code", 1, "recovered"),
    ("binary_gain_code", 2, "not recovered"),
    ("amp_recovery_code", 1, "none"),
    ("amp_recovery_code", 2, "spherical divergence"),
    ("amp_recovery_code", 3, "automatic gain control"),
    ("amp_recovery_code", 4, "other"),
    ("measurement_system_code", 1, "metres"),
    ("measurement_system_code", 2, "feet"),
    (
        "impulse_polarity_code",
        1,
        "pressure increase or upward motion is negative",
    ),
    (
        "impulse_polarity_code",
        2,
        "pressure increase or upward motion is positive",
    ),
    ("fixed_length_trace_flag", 0, "trace lengths may vary"),
    (
        "fixed_length_trace_flag",
        1,
        "all traces have the same length",
    ),
];

fn meaning(name: &str, value: i64) -> String {
    let code = CODES.iter().find(|(n, v, _)| *n == name && *v == value);
    if let Some((_, _, meaning)) = code {
        return (*meaning).to_owned();
    }
    match name {
        "sample_interval" | "orig_sample_interval" if value > 0 => {
            format!("{} ms", value as f64 / 1000.0)
        }
        "sweep_freq_start" | "sweep_freq_end" if value > 0 => "Hz".to_owned(),
        "sweep_length" | "sweep_taper_start" | "sweep_taper_end" if value > 0 => "ms".to_owned(),
        "segy_revision" if value >= 256 => format!("revision {}.{}", value / 256, value % 256),
        "num_extended_text_headers" if value < 0 => "as many as until EndText".to_owned(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn binary_words_have_bytes_and_meaning() {
        let mut header = vec![0_u8; 400];
        header[16..18].copy_from_slice(&4000_i16.to_be_bytes());
        header[24..26].copy_from_slice(&5_i16.to_be_bytes());
        header[54..56].copy_from_slice(&2_i16.to_be_bytes());
        let text = TextualHeader::from_lines(&["C 1 A LINE"], TextEncoding::Ebcdic);
        let found = FileHeaders::of_parts(&[text], Vec::new(), &header, ByteOrder::Big);
        let of = |name: &str| found.binary.iter().find(|w| w.name == name).cloned();
        let interval = of("sample_interval");
        assert!(interval.is_some_and(|w| {
            w.bytes == (3217, 3218) && w.value == "4000" && w.meaning == "4 ms" && !w.is_empty
        }));
        assert!(
            of("data_sample_format").is_some_and(|w| w.meaning == "4-byte IEEE floating point")
        );
        assert_eq!(found.length_unit, Some("ft"));
        assert_eq!(found.pages.len(), 1);
        assert_eq!(found.pages[0].lines.len(), 40);
        assert_eq!(found.pages[0].lines[0], "C 1 A LINE");
    }

    #[test]
    fn a_file_without_a_binary_header_has_no_words() {
        let found = FileHeaders::of_parts(&[], Vec::new(), &[], ByteOrder::Big);
        assert!(found.binary.is_empty() && found.length_unit.is_none());
    }
}
