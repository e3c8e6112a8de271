//! What do these bytes mean? (and back)
//!
//! The bottom of the house: everything the SEG-Y standard says, as tables and pure functions, and
//! a file that maps windows of itself and lends traces from them. Nothing here knows of datasets,
//! jobs or windows on a screen. Standard: SEG-Y r0 (1975), r1.0 (2002), r2.0 (2017), r2.1 (2023).
//!
//! ```text
//! fields_*, names, field     header words: where, which type, called what
//! format, decode, encode, convert/, ibm          samples ↔ numbers
//! scaling                    coordinates and start times: words × scalars
//! text, ebcdic, stanza       textual headers ↔ lines, stanzas
//! source, mmap, window       bytes of a file, guarded
//! detect/ ─► layout, measure, geometry, warning   where everything lies, by evidence
//! file                       all of it together: SegyFile
//! header_builder, write      the way back: headers word by word, SegyWriter
//! ```

mod byte_order;
mod convert;
mod decode;
mod detect;
mod ebcdic;
mod encode;
mod error;
mod field;
pub mod fields_binary;
pub mod fields_su;
pub mod fields_trace;
mod file;
mod format;
mod geometry;
mod header_builder;
mod ibm;
mod layout;
mod measure;
mod mmap;
mod names;
mod scaling;
mod source;
mod stanza;
mod text;
mod warning;
mod window;
mod write;

pub use byte_order::ByteOrder;
pub use convert::{Losses, convert, convert_ibm_word};
pub use decode::{decode, decode_at, decode_f32};
pub use encode::encode;
pub use error::SegyError;
pub use field::{FieldKind, FieldSpec, HeaderValue};
pub use file::SegyFile;
pub use format::SampleFormat;
pub use geometry::{Container, Gap, MOST_GAPS, TraceGeometry, TraceIndex, TraceLength};
pub use header_builder::{BinaryHeaderBuilder, TraceHeaderBuilder};
pub use ibm::{decode_word_exact, inexact_words};
pub use layout::{Decided, Layout, LayoutOverrides, Revision};
pub use scaling::{Scalar, Scaling, is_legal_scalar, scaled};
pub use source::WalkWatch;
pub use stanza::{Stanza, stanzas_of_pages};
pub use text::{TEXTUAL_HEADER_BYTES, TextEncoding, TextualHeader};
pub use warning::LayoutWarning;
pub use window::TraceWindow;
pub use write::{FileHeaderSpec, SegyWriter};
