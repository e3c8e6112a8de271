//! From a dataset to the same SEG-Y file, byte for byte, and the proof of it.

mod error;
mod exact;
mod hash;
mod raw_headers;
mod stream;
mod verify;

pub use error::ExportError;
pub use exact::{ExportReport, export_exact};
pub use verify::{VerifyReport, verify};
