//! From a dataset to the same SEG-Y file, byte for byte, and the proof of it; or to another file.
//!
//! ```text
//! exact ─► stream ─► output      the imported bytes
//! verify ─► stream               … only hashed
//! form/ ─► output                another file: chosen traces, another format, order, revision …
//! ```

mod error;
mod exact;
mod form;
mod hash;
mod output;
mod raw_headers;
mod salvage;
mod stream;
mod verify;
mod verify_headers;

pub use error::ExportError;
pub use exact::{ExportReport, export_exact, export_filled};
pub use form::{
    ExportForm, FileKind, FormChange, FormPlan, FormReport, export_form, read_text_lines, text_line,
};
pub use verify::{VerifyReport, verify};
