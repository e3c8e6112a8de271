//! What is being made here, and from what? The journal's first file, written once.

use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The version of the journal that this program writes, and the only one that it goes on with.
pub(in crate::dataset) const JOURNAL_VERSION: u32 = 3;
/// As the journal names it: another version may make other bytes of the same plan.
pub(in crate::dataset) const THIS_PROGRAM: &str = concat!("shotpoint ", env!("CARGO_PKG_VERSION"));
/// A longer file is not ours.
const MAX_BYTES: u64 = 64 << 20;

/// What an unfinished import says of itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportNotes {
    /// Of the journal; another version's is not gone on with.
    pub journal_version: u32,
    /// "shotpoint 0.1.0".
    pub program: String,
    /// The source's name, without folders.
    pub file_name: String,
    /// The source's length.
    pub size_bytes: u64,
    /// When the source was last changed, nanoseconds since 1970, where the system tells.
    pub modified_unix_nanos: Option<u64>,
    /// Traces that the dataset will have.
    pub n_traces: u64,
    /// Every decision on which the dataset's bytes depend, by name. The dataset compares it and
    /// knows no more of it.
    pub plan: serde_json::Map<String, Value>,
    /// What the user asked for, so that a window can ask for it again.
    pub asked: Value,
}

/// Why notes cannot be used.
#[derive(Debug)]
pub(in crate::dataset) enum NotesError {
    /// There is no journal at all: an older program made no notes.
    None,
    /// Another version's.
    OtherVersion(u64),
    /// Cut or changed.
    Damaged,
}

impl NotesError {
    /// Why, for a sentence.
    pub(in crate::dataset) fn phrase(&self) -> String {
        match self {
            Self::None => "there is none that kept a journal".to_owned(),
            Self::OtherVersion(version) => format!(
                "its journal has version {version}, and this program reads version {JOURNAL_VERSION}"
            ),
            Self::Damaged => "its journal is damaged".to_owned(),
        }
    }
}

impl ImportNotes {
    /// Their name below the journal's folder.
    pub(in crate::dataset) const FILE: &str = "import.json";

    /// Notes of a source and a plan, of this program's version.
    pub fn new(file_name: String, size_bytes: u64, n_traces: u64) -> Self {
        Self {
            journal_version: JOURNAL_VERSION,
            program: THIS_PROGRAM.to_owned(),
            file_name,
            size_bytes,
            modified_unix_nanos: None,
            n_traces,
            plan: serde_json::Map::new(),
            asked: Value::Null,
        }
    }

    pub(in crate::dataset) fn is_of_this_program(&self) -> bool {
        self.program == THIS_PROGRAM
    }

    pub(in crate::dataset) fn write(&self, journal: &Path) -> io::Result<()> {
        fs::write(journal.join(Self::FILE), serde_json::to_vec_pretty(self)?)
    }

    pub(in crate::dataset) fn read(journal: &Path) -> Result<Self, NotesError> {
        let path = journal.join(Self::FILE);
        let length = fs::metadata(&path).map_or(0, |metadata| metadata.len());
        if length == 0 && !journal.is_dir() {
            return Err(NotesError::None);
        }
        if length > MAX_BYTES {
            return Err(NotesError::Damaged);
        }
        // The version is looked at first: another version's notes may have another shape.
        let document: Value = fs::read(&path)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .ok_or(NotesError::Damaged)?;
        match document.get("journal_version").and_then(Value::as_u64) {
            Some(version) if version == u64::from(JOURNAL_VERSION) => {
                Self::deserialize(document).map_err(drop_words)
            }
            Some(version) => Err(NotesError::OtherVersion(version)),
            None => Err(NotesError::Damaged),
        }
    }

    /// What differs from `other`, as a phrase: the source before the plan.
    pub fn difference(&self, other: &Self) -> Option<String> {
        if self.size_bytes != other.size_bytes {
            return Some(format!(
                "the source had {} bytes then and has {} now",
                self.size_bytes, other.size_bytes
            ));
        }
        if self.modified_unix_nanos != other.modified_unix_nanos {
            return Some("the source was written to since".to_owned());
        }
        if self.program != other.program {
            return Some(format!(
                "{} began it, and this is {}",
                self.program, other.program
            ));
        }
        let names = self.plan.keys().chain(other.plan.keys());
        let changed = names.map(String::as_str).find(|name| {
            self.plan.get(*name).unwrap_or(&Value::Null)
                != other.plan.get(*name).unwrap_or(&Value::Null)
        })?;
        let value = |notes: &Self| short(notes.plan.get(changed));
        Some(format!(
            "{} is not what it was ({} then, {} now)",
            changed.replace('_', " "),
            value(self),
            value(other)
        ))
    }
}

/// The words of a JSON error tell a user nothing here: whatever it is, the notes are of no use.
fn drop_words(_: serde_json::Error) -> NotesError {
    NotesError::Damaged
}

/// A value for a sentence.
fn short(value: Option<&Value>) -> String {
    let text = value.map_or_else(|| "none".to_owned(), Value::to_string);
    if text.chars().count() <= 60 {
        return text;
    }
    let start: String = text.chars().take(57).collect();
    format!("{start}…")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn notes() -> ImportNotes {
        let mut notes = ImportNotes::new("line12.sgy".to_owned(), 1000, 10);
        notes.modified_unix_nanos = Some(7);
        notes.plan.insert("chunk_traces".to_owned(), 128.into());
        notes
    }

    #[test]
    fn what_differs_is_named() {
        let then = notes();
        assert_eq!(then.difference(&notes()), None);
        let now = ImportNotes {
            size_bytes: 999,
            ..notes()
        };
        assert_eq!(
            then.difference(&now).unwrap(),
            "the source had 1000 bytes then and has 999 now"
        );
        let mut now = notes();
        now.plan.insert("chunk_traces".to_owned(), 64.into());
        assert_eq!(
            then.difference(&now).unwrap(),
            "chunk traces is not what it was (128 then, 64 now)"
        );
    }

    #[test]
    fn notes_are_read_as_written_and_others_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let journal = folder.path().join("journal");
        assert!(matches!(ImportNotes::read(&journal), Err(NotesError::None)));
        fs::create_dir(&journal).unwrap();
        assert!(matches!(
            ImportNotes::read(&journal),
            Err(NotesError::Damaged)
        ));
        notes().write(&journal).unwrap();
        assert_eq!(ImportNotes::read(&journal).unwrap(), notes());
        let text = fs::read_to_string(journal.join(ImportNotes::FILE)).unwrap();
        fs::write(journal.join(ImportNotes::FILE), &text[..text.len() / 2]).unwrap();
        assert!(matches!(
            ImportNotes::read(&journal),
            Err(NotesError::Damaged)
        ));
        fs::write(journal.join(ImportNotes::FILE), r#"{"journal_version":9}"#).unwrap();
        assert!(matches!(
            ImportNotes::read(&journal),
            Err(NotesError::OtherVersion(9))
        ));
    }
}
