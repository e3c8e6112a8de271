//! What do these bytes mean? (and back)
//!
//! The bottom of the house: everything the SEG-Y standard says, as tables and pure functions, and
//! a file that maps windows of itself and lends traces from them. Nothing here knows of datasets,
//! jobs or windows on a screen. Standard: SEG-Y r0 (1975), r1.0 (2002), r2.0 (2017), r2.1 (2023).

mod error;
mod field;
pub mod fields_binary;
pub mod fields_trace;
mod file;
mod format;
mod layout;
mod text;

pub use error::SegyError;
pub use field::{ByteOrder, FieldKind, FieldSpec, HeaderValue};
pub use file::{SegyFile, TraceWindow};
pub use format::{SampleFormat, decode, decode_f32, encode};
pub use layout::{Decided, Layout, LayoutOverrides, LayoutWarning, Revision};
pub use text::{TextEncoding, TextualHeader};
