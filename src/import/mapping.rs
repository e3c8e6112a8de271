//! Which header words become which columns, and what does the user know better than the file?

use serde::{Deserialize, Serialize};

use super::PlanError;
use crate::segy::{FieldKind, LayoutOverrides};

/// A column taken from any byte, as any type. A standard name moves that column there
/// (`inline` to byte 5); any other name adds a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MappedColumn {
    /// Snake case.
    pub name: String,
    /// First byte, from 1.
    pub byte: u16,
    /// The word's type.
    pub kind: FieldKind,
}

/// The user's decisions about a file; saved and loaded as JSON.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mapping {
    /// Moved and added columns.
    pub columns: Vec<MappedColumn>,
    /// Column names whose equal consecutive values make an ensemble; empty: the scan's suggestion.
    pub ensemble_keys: Vec<String>,
    /// Instead of the file's own facts.
    pub overrides: LayoutOverrides,
}

impl Mapping {
    /// Parses `NAME=BYTE[:KIND]`, the command line's `--map`; the kind defaults to the standard
    /// field's own, else `i32`.
    ///
    /// # Errors
    /// With what is expected.
    pub fn parse_column(text: &str) -> Result<MappedColumn, PlanError> {
        let _ = text;
        todo!()
    }

    /// The byte and type from which the column of this name (or alias) is taken; `None` where there is no such column.
    pub fn column(&self, name: &str) -> Option<MappedColumn> {
        let _ = name;
        todo!()
    }
}
