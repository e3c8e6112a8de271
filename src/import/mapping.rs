//! Which header words become which columns, and what does the user know better than the file?

use serde::{Deserialize, Serialize};

use super::PlanError;
use super::computed;
use super::near::nearest;
use crate::dataset::DelayFacts;
use crate::segy::fields_trace::{TRACE_FIELDS, TRACE_HEADER_BYTES, find_trace_field};
use crate::segy::{FieldKind, LayoutOverrides};

/// Columns that the importer makes itself; a mapping cannot take their names.
pub(super) const OWN_COLUMNS: [&str; 13] = [
    "trace_index",
    "file_offset",
    "n_samples_in_file",
    "n_header_extensions_in_file",
    "source_x",
    "source_y",
    "group_x",
    "group_y",
    "cdp_x_scaled",
    "cdp_y_scaled",
    DelayFacts::SCALED_COLUMN,
    "raw_header",
    "raw_header_extensions",
];

/// The names by which `--map` and mapping files call the word types.
const KINDS: [(&str, FieldKind); 14] = [
    ("i8", FieldKind::I8),
    ("u8", FieldKind::U8),
    ("i16", FieldKind::I16),
    ("u16", FieldKind::U16),
    ("i24", FieldKind::I24),
    ("u24", FieldKind::U24),
    ("i32", FieldKind::I32),
    ("u32", FieldKind::U32),
    ("i64", FieldKind::I64),
    ("u64", FieldKind::U64),
    ("f32", FieldKind::F32),
    ("f64", FieldKind::F64),
    ("ibm32", FieldKind::Ibm32),
    ("text8", FieldKind::Text8),
];

/// The name of a word type, as `--map` and the Arrow metadata spell it.
pub(super) fn kind_name(kind: FieldKind) -> &'static str {
    KINDS
        .iter()
        .find(|(_, k)| *k == kind)
        .map_or("i32", |(name, _)| name)
}

/// A column taken from any byte, as any type. A standard name moves that column there
/// (`inline` to byte 5); any other name adds a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MappedColumn {
    /// Snake case.
    pub name: String,
    /// First byte, from 1; from 241 on in the additional trace headers, one after the other.
    pub byte: u16,
    /// The word's type.
    pub kind: FieldKind,
}

/// A column that is computed from others: `cdp_bin = floor((source_x + group_x) / 2 / 25)`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ComputedColumn {
    /// Snake case; no standard word's name.
    pub name: String,
    /// Over the columns before it: the standard's words (or their aliases), the mapping's own, the
    /// scaled coordinates, and earlier computed columns. Whole numbers where only whole numbers can
    /// come out, else fractions.
    pub expression: String,
}

/// The version of mapping files that this program writes.
pub const MAPPING_VERSION: u32 = 2;

/// The user's decisions about a file; saved and loaded as JSON.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mapping {
    /// Of the JSON; files without it are of version 1, which had no computed columns.
    pub version: MappingVersion,
    /// Moved and added columns.
    pub columns: Vec<MappedColumn>,
    /// Computed columns, in order: each may use those before it.
    pub computed: Vec<ComputedColumn>,
    /// Column names whose equal consecutive values make an ensemble; empty: the scan's suggestion.
    pub ensemble_keys: Vec<String>,
    /// Instead of the file's own facts.
    pub overrides: LayoutOverrides,
}

/// A mapping file's version; a newer one than this program knows is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u32")]
pub struct MappingVersion(u32);

impl Default for MappingVersion {
    fn default() -> Self {
        Self(MAPPING_VERSION)
    }
}

impl TryFrom<u32> for MappingVersion {
    type Error = String;

    fn try_from(version: u32) -> Result<Self, String> {
        if (1..=MAPPING_VERSION).contains(&version) {
            Ok(Self::default())
        } else {
            Err(format!(
                "the mapping has version {version}, but this program knows versions 1 to \
                 {MAPPING_VERSION}; use a newer one"
            ))
        }
    }
}

impl MappedColumn {
    /// The column under its canonical name, once name and place are possible.
    fn checked(&self) -> Result<Self, PlanError> {
        let name = canonical_name(&self.name);
        check_name(&name)?;
        let size_bytes = self.kind.size_bytes();
        // Each additional header has 240 bytes, too, and no word reaches from one into the next.
        let in_header = usize::from(self.byte.saturating_sub(1)) % TRACE_HEADER_BYTES;
        if self.byte == 0 || in_header + size_bytes > TRACE_HEADER_BYTES {
            return Err(PlanError::FieldOutsideHeader {
                name,
                byte: self.byte,
                size_bytes,
            });
        }
        Ok(Self { name, ..*self })
    }
}

impl Mapping {
    /// Parses `NAME=BYTE[:KIND]`, the command line's `--map`; the kind defaults to the standard
    /// field's own, else `i32`.
    ///
    /// # Errors
    /// With what is expected.
    ///
    /// # Examples
    /// ```
    /// use shotpoint::import::Mapping;
    /// let column = Mapping::parse_column("inline=5")?;
    /// assert_eq!((column.name.as_str(), column.byte), ("inline", 5));
    /// # Ok::<(), shotpoint::import::PlanError>(())
    /// ```
    pub fn parse_column(text: &str) -> Result<MappedColumn, PlanError> {
        let wrong = |reason: String| PlanError::ColumnSyntax {
            text: text.to_owned(),
            reason,
        };
        let (name, place) = text
            .split_once('=')
            .ok_or_else(|| wrong("there is no \"=\"".to_owned()))?;
        let (byte, kind) = match place.split_once(':') {
            Some((byte, kind)) => (byte, Some(kind)),
            None => (place, None),
        };
        let byte = byte
            .trim()
            .parse::<u16>()
            .map_err(|_unparsed| wrong(format!("\"{byte}\" is not a byte from 1 to 240")))?;
        let kind = match kind {
            Some(kind) => parse_kind(kind).ok_or_else(|| {
                let known: Vec<&str> = KINDS.iter().map(|(name, _)| *name).collect();
                wrong(format!("\"{kind}\" is not one of {}", known.join(", ")))
            })?,
            None => find_trace_field(name.trim()).map_or(FieldKind::I32, |field| field.kind),
        };
        MappedColumn {
            name: name.trim().to_owned(),
            byte,
            kind,
        }
        .checked()
    }

    /// Reads a mapping file.
    ///
    /// # Errors
    /// `MappingSyntax` with line and column; what [`Self::checked`] finds.
    pub fn from_json(text: &str) -> Result<Self, PlanError> {
        serde_json::from_str::<Self>(text)
            .map_err(|source| PlanError::MappingSyntax { source })?
            .checked()
    }

    /// The byte and type from which the column of this name (or alias) is taken; `None` where there is no such column.
    pub fn column(&self, name: &str) -> Option<MappedColumn> {
        let canonical = canonical_name(name);
        if let Some(column) = self
            .columns
            .iter()
            .find(|column| canonical_name(&column.name) == canonical)
        {
            return Some(MappedColumn {
                name: canonical,
                ..*column
            });
        }
        find_trace_field(name).map(|field| MappedColumn {
            name: field.name.to_owned(),
            byte: field.byte,
            kind: field.kind,
        })
    }

    /// The mapping with canonical names, once every column lies within the trace header and every
    /// key is a column of numbers.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn checked(&self) -> Result<Self, PlanError> {
        let mut columns: Vec<MappedColumn> = Vec::with_capacity(self.columns.len());
        for column in &self.columns {
            let column = column.checked()?;
            if let Some(other) = columns.iter().find(|other| other.name == column.name) {
                return Err(PlanError::MappedTwice {
                    name: column.name,
                    first: other.byte,
                    second: column.byte,
                });
            }
            columns.push(column);
        }
        let mut checked = Self {
            columns,
            computed: self.checked_computed()?,
            overrides: self.overrides.clone(),
            ..Self::default()
        };
        let formulas = computed::formulas(&checked)?;
        let mut keys: Vec<String> = Vec::with_capacity(self.ensemble_keys.len());
        for key in &self.ensemble_keys {
            if let Some(position) = checked.computed.iter().position(|c| c.name == key.trim()) {
                let name = key.trim().to_owned();
                if formulas
                    .get(position)
                    .is_some_and(|formula| !formula.is_whole())
                {
                    return Err(PlanError::KeyHasFractions { name });
                }
                if keys.contains(&name) {
                    return Err(PlanError::KeyTwice { name });
                }
                keys.push(name);
                continue;
            }
            let column = checked
                .column(key.trim())
                .ok_or_else(|| checked.no_such_key(key))?;
            if column.kind == FieldKind::Text8 {
                return Err(PlanError::KeyIsText { name: column.name });
            }
            if keys.contains(&column.name) {
                return Err(PlanError::KeyTwice { name: column.name });
            }
            keys.push(column.name);
        }
        checked.ensemble_keys = keys;
        Ok(checked)
    }

    /// Computed columns whose names are possible; their expressions are parsed elsewhere.
    fn checked_computed(&self) -> Result<Vec<ComputedColumn>, PlanError> {
        let mut checked: Vec<ComputedColumn> = Vec::with_capacity(self.computed.len());
        for column in &self.computed {
            let name = column.name.trim().to_owned();
            check_name(&name)?;
            let taken = |reason| PlanError::ColumnName {
                name: name.clone(),
                reason,
            };
            if find_trace_field(&name).is_some() {
                return Err(taken("it is another name of a standard word"));
            }
            let is_mapped = self.columns.iter().any(|other| other.name == name);
            if is_mapped || checked.iter().any(|other| other.name == name) {
                return Err(taken("there is a column of this name already"));
            }
            checked.push(ComputedColumn {
                name,
                expression: column.expression.trim().to_owned(),
            });
        }
        Ok(checked)
    }

    /// Parses `NAME=EXPRESSION`, the command line's `--compute`.
    ///
    /// # Errors
    /// With what is expected.
    pub fn parse_computed(text: &str) -> Result<ComputedColumn, PlanError> {
        let (name, expression) = text
            .split_once('=')
            .ok_or_else(|| PlanError::ComputedSyntax {
                name: text.to_owned(),
                reason: "there is no \"=\"; expected NAME=EXPRESSION".to_owned(),
            })?;
        Ok(ComputedColumn {
            name: name.trim().to_owned(),
            expression: expression.trim().to_owned(),
        })
    }

    /// Remarks on columns that take the same bytes of the header: allowed, but worth a look.
    pub fn overlaps(&self) -> Vec<String> {
        let span = |column: &MappedColumn| {
            let start = usize::from(column.byte);
            start..start + column.kind.size_bytes()
        };
        let mut remarks = Vec::new();
        for (i, a) in self.columns.iter().enumerate() {
            for b in self.columns.iter().skip(i + 1) {
                let (x, y) = (span(a), span(b));
                if x.start < y.end && y.start < x.end {
                    remarks.push(format!(
                        "{} (bytes {}–{}) and {} (bytes {}–{}) share bytes of the trace header",
                        a.name,
                        x.start,
                        x.end - 1,
                        b.name,
                        y.start,
                        y.end - 1
                    ));
                }
            }
        }
        remarks
    }

    /// This mapping with the suggestion's columns where it has none of the same name.
    #[must_use]
    pub fn completed_by(&self, suggestion: &Self) -> Self {
        let mut completed = self.clone();
        let is_decided = |column: &&MappedColumn| {
            self.columns
                .iter()
                .any(|own| canonical_name(&own.name) == column.name)
        };
        let missing = suggestion
            .columns
            .iter()
            .filter(|column| !is_decided(column));
        completed.columns.extend(missing.cloned());
        completed
    }

    /// Whether nobody chose a column or a key: then the scan's suggestion is taken whole.
    pub fn decides_nothing(&self) -> bool {
        self.columns.is_empty() && self.computed.is_empty() && self.ensemble_keys.is_empty()
    }

    fn no_such_key(&self, name: &str) -> PlanError {
        let names = TRACE_FIELDS
            .iter()
            .flat_map(|field| [field.name, field.segyio, field.su])
            .filter(|name| !name.is_empty())
            .chain(self.columns.iter().map(|column| column.name.as_str()));
        PlanError::NoSuchKey {
            name: name.to_owned(),
            nearest: nearest(name, names),
        }
    }
}

fn parse_kind(text: &str) -> Option<FieldKind> {
    let text = text.trim().to_ascii_lowercase();
    KINDS
        .iter()
        .find(|(name, _)| *name == text)
        .map(|(_, kind)| *kind)
}

/// The column that a user means: our name for every alias of a standard word, else the name itself.
fn canonical_name(name: &str) -> String {
    find_trace_field(name.trim()).map_or_else(|| name.trim().to_owned(), |f| f.name.to_owned())
}

fn check_name(name: &str) -> Result<(), PlanError> {
    let wrong = |reason| PlanError::ColumnName {
        name: name.to_owned(),
        reason,
    };
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) {
        return Err(wrong("it must begin with a letter from a to z"));
    }
    if !name
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    {
        return Err(wrong("only a to z, 0 to 9 and _ are possible"));
    }
    if name.len() > 64 {
        return Err(wrong("it is longer than 64 characters"));
    }
    if OWN_COLUMNS.contains(&name) {
        return Err(wrong("the import makes a column of this name itself"));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
