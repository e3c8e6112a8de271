//! Which columns has headers.parquet, and where does each take its values from? (DESIGN, section 3)
//!
//! ```text
//! trace_index, file_offset │ the standard's words │ the mapping's own │ scaled coordinates │ raw_header, …
//! ```

use super::mapping::{Mapping, kind_name};
use super::scaled_words::{CoordinateScalar, StartTime};
use super::tally::Word;
use crate::dataset::{DelayFacts, Formula, GeometryFacts, HeaderColumn, HeaderType};
use crate::segy::fields_trace::{TRACE_FIELDS, TRACE_HEADER_BYTES, find_trace_field};
use crate::segy::{FieldKind, Layout, Revision, Scaling};

/// Scaled coordinates and the words that they are made of.
const SCALED: [(&str, &str); 6] = [
    ("source_x", "source_coord_x"),
    ("source_y", "source_coord_y"),
    ("group_x", "group_coord_x"),
    ("group_y", "group_coord_y"),
    ("cdp_x_scaled", "cdp_x"),
    ("cdp_y_scaled", "cdp_y"),
];

/// Where a column's values come from.
#[derive(Clone, Copy, Debug)]
pub(super) enum ColumnSource {
    /// Row in the dataset, from 0.
    TraceIndex,
    /// Position in the file of the trace header.
    FileOffset,
    /// Samples of the trace, where traces vary in length.
    SamplesInFile,
    /// Additional headers of the trace, where their number varies.
    ExtensionsInFile,
    /// A word of the trace header.
    Word(Word),
    /// A coordinate times its trace's scalar.
    Scaled {
        /// As recorded.
        coordinate: Word,
        /// Negative divides; 0 counts as 1.
        scalar: CoordinateScalar,
    },
    /// When the trace starts, where that is not the delay recording time as written.
    Start(StartTime),
    /// Filled in from the other columns.
    Computed,
    /// No trace of this file has it: always null.
    Absent,
    /// The 240 bytes.
    RawHeader,
    /// The additional headers' bytes.
    RawExtensions,
}

/// Columns and their sources, side by side.
#[derive(Clone, Debug)]
pub(super) struct Columns {
    pub(super) columns: Vec<HeaderColumn>,
    pub(super) sources: Vec<ColumnSource>,
}

/// Facts of a file on which its columns depend.
#[derive(Clone, Copy, Debug)]
pub(super) struct FileTraits {
    pub(super) revision: Revision,
    /// Of the trace with the most.
    pub(super) n_additional: u32,
    pub(super) lengths_vary: bool,
    pub(super) extensions_vary: bool,
    pub(super) scaling: Scaling,
}

impl FileTraits {
    pub(super) fn of(layout: &Layout) -> Self {
        Self {
            revision: layout.revision.value,
            n_additional: layout.n_additional_trace_headers.value,
            lengths_vary: layout.geometry.lengths_vary(),
            extensions_vary: layout.geometry.header_extensions_vary(),
            scaling: layout.scaling(),
        }
    }

    /// Of a file whose traces are all alike, without additional headers, and with the usual scalars.
    pub(super) fn plain(revision: Revision) -> Self {
        Self {
            revision,
            n_additional: 0,
            lengths_vary: false,
            extensions_vary: false,
            scaling: Scaling::default(),
        }
    }
}

/// The type of a computed column.
pub(super) fn computed_type(formula: &Formula) -> HeaderType {
    if formula.is_whole() {
        HeaderType::Int64
    } else {
        HeaderType::Float64
    }
}

/// All columns of such a file under this mapping, whose computed columns have these formulas.
pub(super) fn columns(mapping: &Mapping, formulas: &[Formula], file: &FileTraits) -> Columns {
    let mut all = base_columns(mapping, file);
    for (column, formula) in mapping.computed.iter().zip(formulas) {
        all.push(&column.name, computed_type(formula), ColumnSource::Computed);
        all.describe(vec![("computed".to_owned(), column.expression.clone())]);
    }
    let raw_bytes = u32::try_from(TRACE_HEADER_BYTES).unwrap_or(240);
    all.push(
        "raw_header",
        HeaderType::Bytes(raw_bytes),
        ColumnSource::RawHeader,
    );
    if file.n_additional > 0 {
        let bytes = raw_bytes.saturating_mul(file.n_additional);
        all.push(
            "raw_header_extensions",
            HeaderType::Bytes(bytes),
            ColumnSource::RawExtensions,
        );
    }
    all
}

/// The columns before the computed ones: what these may be computed from.
pub(super) fn base_columns(mapping: &Mapping, file: &FileTraits) -> Columns {
    let mut all = Columns {
        columns: Vec::new(),
        sources: Vec::new(),
    };
    all.push("trace_index", HeaderType::Uint64, ColumnSource::TraceIndex);
    all.push("file_offset", HeaderType::Uint64, ColumnSource::FileOffset);
    if file.lengths_vary {
        let name = GeometryFacts::LENGTH_COLUMN;
        all.push(name, HeaderType::Uint32, ColumnSource::SamplesInFile);
    }
    if file.extensions_vary {
        let name = GeometryFacts::EXTENSIONS_COLUMN;
        all.push(name, HeaderType::Uint32, ColumnSource::ExtensionsInFile);
    }
    for field in TRACE_FIELDS {
        all.push_standard(field, mapping, file.revision);
    }
    for column in &mapping.columns {
        if find_trace_field(&column.name).is_none() {
            let word = Word {
                byte: column.byte,
                kind: column.kind,
            };
            all.push(
                &column.name,
                header_type(word.kind),
                ColumnSource::Word(word),
            );
            all.describe(word_metadata(word));
        }
    }
    let scalar = CoordinateScalar::of(mapping, &file.scaling);
    let scaled_by = match file.scaling.coordinate_scalar.constant() {
        Some(constant) => constant.to_string(),
        None => "coordinate_scalar".to_owned(),
    };
    for (name, word) in SCALED {
        let coordinate = Word::of(mapping, word);
        all.push(
            name,
            HeaderType::Float64,
            ColumnSource::Scaled { coordinate, scalar },
        );
        all.describe(vec![
            ("made_of".to_owned(), word.to_owned()),
            ("scaled_by".to_owned(), scaled_by.clone()),
        ]);
    }
    // Where one time holds for all, it is the vertical axis's.
    if !file.scaling.delay_is_as_written() && file.scaling.delay_millis.is_none() {
        let start = StartTime::of(mapping, &file.scaling);
        let name = DelayFacts::SCALED_COLUMN;
        all.push(name, HeaderType::Float64, ColumnSource::Start(start));
        let scaled_by = match file.scaling.time_scalar.constant() {
            Some(constant) => constant.to_string(),
            None => "times_scalar".to_owned(),
        };
        all.describe(vec![
            ("made_of".to_owned(), "delay_recording_time".to_owned()),
            ("scaled_by".to_owned(), scaled_by),
            ("unit".to_owned(), "ms".to_owned()),
        ]);
    }
    all
}

impl Columns {
    fn push(&mut self, name: &str, kind: HeaderType, source: ColumnSource) {
        self.columns.push(HeaderColumn {
            name: name.to_owned(),
            kind,
            metadata: Vec::new(),
        });
        self.sources.push(source);
    }

    fn describe(&mut self, metadata: Vec<(String, String)>) {
        if let Some(column) = self.columns.last_mut() {
            column.metadata = metadata;
        }
    }

    fn push_standard(
        &mut self,
        field: &crate::segy::FieldSpec,
        mapping: &Mapping,
        revision: Revision,
    ) {
        let word = Word::of(mapping, field.name);
        // Before revision 2 the header's last eight bytes were anybody's: no name stands there.
        let is_moved = word.byte != field.byte;
        let absent = field.kind == FieldKind::Text8 && revision.major < 2 && !is_moved;
        let source = if absent {
            ColumnSource::Absent
        } else {
            ColumnSource::Word(word)
        };
        self.push(field.name, header_type(word.kind), source);
        let mut metadata = word_metadata(word);
        for (key, name) in [("segyio", field.segyio), ("su", field.su)] {
            if !name.is_empty() {
                metadata.push((key.to_owned(), name.to_owned()));
            }
        }
        self.describe(metadata);
    }

    /// About how many bytes one row takes in memory.
    pub(super) fn row_bytes(&self) -> u64 {
        let bytes: usize = self
            .columns
            .iter()
            .map(|column| type_bytes(column.kind))
            .sum();
        bytes as u64
    }
}

fn word_metadata(word: Word) -> Vec<(String, String)> {
    vec![
        ("segy_byte".to_owned(), word.byte.to_string()),
        ("segy_type".to_owned(), kind_name(word.kind).to_owned()),
    ]
}

/// The column type that holds every value of a word.
fn header_type(kind: FieldKind) -> HeaderType {
    match kind {
        FieldKind::I8 => HeaderType::Int8,
        FieldKind::U8 => HeaderType::Uint8,
        FieldKind::I16 => HeaderType::Int16,
        FieldKind::U16 => HeaderType::Uint16,
        FieldKind::I24 | FieldKind::I32 => HeaderType::Int32,
        FieldKind::U24 | FieldKind::U32 => HeaderType::Uint32,
        FieldKind::I64 => HeaderType::Int64,
        FieldKind::U64 => HeaderType::Uint64,
        FieldKind::F32 => HeaderType::Float32,
        // An IBM number may lie beyond float32's range.
        FieldKind::F64 | FieldKind::Ibm32 => HeaderType::Float64,
        FieldKind::Text8 => HeaderType::Text,
    }
}

fn type_bytes(kind: HeaderType) -> usize {
    match kind {
        HeaderType::Int8 | HeaderType::Uint8 => 1,
        HeaderType::Int16 | HeaderType::Uint16 => 2,
        HeaderType::Int32 | HeaderType::Uint32 | HeaderType::Float32 => 4,
        HeaderType::Int64 | HeaderType::Uint64 | HeaderType::Float64 => 8,
        HeaderType::Text => 16,
        HeaderType::Bytes(n) => n as usize,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::import::MappedColumn;
    use crate::segy::Scalar;

    const REVISION_1: FileTraits = FileTraits {
        revision: Revision { major: 1, minor: 0 },
        n_additional: 0,
        lengths_vary: false,
        extensions_vary: false,
        scaling: Scaling {
            coordinate_scalar: Scalar::OfEachTrace,
            time_scalar: Scalar::Constant(1),
            delay_millis: None,
        },
    };

    fn names(columns: &Columns) -> Vec<&str> {
        columns
            .columns
            .iter()
            .map(|column| column.name.as_str())
            .collect()
    }

    #[test]
    fn columns_stand_in_the_order_of_the_design() {
        let mapping = Mapping {
            columns: vec![MappedColumn {
                name: "receiver_line".to_owned(),
                byte: 233,
                kind: FieldKind::I32,
            }],
            ..Mapping::default()
        };
        let columns = columns(
            &mapping,
            &[],
            &FileTraits {
                n_additional: 1,
                ..REVISION_1
            },
        );
        let names = names(&columns);
        assert_eq!(
            &names[..3],
            ["trace_index", "file_offset", "trace_seq_num_line"]
        );
        let own = names
            .iter()
            .position(|&name| name == "receiver_line")
            .unwrap();
        assert_eq!(names[own - 1], "trace_header_name");
        assert_eq!(names[own + 1], "source_x");
        assert_eq!(
            &names[names.len() - 2..],
            ["raw_header", "raw_header_extensions"]
        );
        assert_eq!(columns.columns.len(), columns.sources.len());
        assert_eq!(names.len(), 2 + TRACE_FIELDS.len() + 1 + 6 + 2);
    }

    #[test]
    fn a_moved_column_says_where_it_lies_and_keeps_its_names() {
        let mapping = Mapping {
            columns: vec![MappedColumn {
                name: "inline".to_owned(),
                byte: 5,
                kind: FieldKind::I16,
            }],
            ..Mapping::default()
        };
        let columns = columns(&mapping, &[], &REVISION_1);
        let inline = columns
            .columns
            .iter()
            .find(|column| column.name == "inline")
            .unwrap();
        assert_eq!(inline.kind, HeaderType::Int16);
        let says = |key: &str| {
            let found = inline.metadata.iter().find(|(k, _)| k == key);
            found.map(|(_, value)| value.as_str())
        };
        assert_eq!(says("segy_byte"), Some("5"));
        assert_eq!(says("segy_type"), Some("i16"));
        assert_eq!(says("segyio"), Some("INLINE_3D"));
    }

    #[test]
    fn a_start_time_that_is_scaled_has_a_column_of_its_own() {
        let with = |scaling: Scaling| {
            let file = FileTraits {
                scaling,
                ..REVISION_1
            };
            columns(&Mapping::default(), &[], &file)
        };
        let plain = with(REVISION_1.scaling);
        assert!(!names(&plain).contains(&DelayFacts::SCALED_COLUMN));
        let each = Scaling {
            time_scalar: Scalar::OfEachTrace,
            ..REVISION_1.scaling
        };
        assert!(names(&with(each)).contains(&DelayFacts::SCALED_COLUMN));
        let told = Scaling {
            delay_millis: Some(0.0),
            ..each
        };
        assert_eq!(names(&with(told)), names(&plain));
    }
}
