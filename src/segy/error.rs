//! What can be wrong with a SEG-Y file, in sentences: fact, number, remedy.

use std::io;
use std::path::PathBuf;

use super::{ByteOrder, SampleFormat};
use crate::samples::NumberType;
use crate::wording;

/// The file is not what it should be, or is not supported.
///
/// Messages do not name the file, except where the operating system speaks: the caller adds the
/// path once, last.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SegyError {
    /// The operating system refused.
    #[error("cannot {action}: {source}. File: {}", path.display())]
    Io {
        /// What was tried, as in "cannot *open the file*".
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// The system's own words.
        source: io::Error,
    },

    /// A write failed; the caller knows where to.
    #[error("cannot write the traces: {source}")]
    Write {
        /// The system's own words.
        source: io::Error,
    },

    /// A folder, a device or a pipe.
    #[error("this is {what}, not a file: choose the SEG-Y file itself")]
    NotAFile {
        /// "a folder".
        what: &'static str,
    },

    /// Shorter than the file headers.
    #[error(
        "the file has {}, fewer than the {} bytes of SEG-Y's file headers: \
         it is empty, cut off, or not SEG-Y; fetch it again",
        wording::things(*found_bytes, "byte"), wording::count(*needed_bytes)
    )]
    TooShort {
        /// Textual and binary file header, and the extended textual headers announced.
        needed_bytes: u64,
        /// The file's length.
        found_bytes: u64,
    },

    /// Recognised as something else.
    #[error("this is {what}, not SEG-Y: {remedy}")]
    NotSegy {
        /// "a Git-LFS pointer of 132 bytes".
        what: String,
        /// What the user can do.
        remedy: &'static str,
    },

    /// The format code is none in either byte order.
    #[error(
        "the sample format code at bytes 3225–3226 reads {big_endian} big-endian and {little_endian} little-endian, \
         and neither is a SEG-Y format: is the file SEG-Y? If so, say the format with --format CODE and, \
         where needed, --byte-order"
    )]
    UnknownSampleFormat {
        /// Most significant byte first.
        big_endian: i16,
        /// Least significant byte first.
        little_endian: i16,
    },

    /// There is nothing in the file headers.
    #[error(
        "the first {} bytes of the file are all zeros, so it has no file headers: it was never written, or \
         not fetched whole; fetch it again",
        wording::count(*n_bytes)
    )]
    OnlyZeros {
        /// Where file headers should be.
        n_bytes: u64,
    },

    /// The code that the user gave is none.
    #[error("there is no SEG-Y sample format {code}: the codes are 1–3, 5–12, 15 and 16")]
    NoSuchSampleFormat {
        /// As given.
        code: i16,
    },

    /// Whoever watched a walk over all trace headers ended it.
    #[error("opening the file was cancelled")]
    Cancelled,

    /// A format of the standard that is not read.
    #[error(
        "sample format {code} (fixed point with gain) is not read, because makers disagree about its meaning: \
         if the samples are really of another format, say which with --format CODE (often 1, IBM floats)"
    )]
    UnsupportedSampleFormat {
        /// 4.
        code: i16,
    },

    /// No header word says how many samples a trace has.
    #[error(
        "the number of samples per trace is recorded nowhere (bytes 3221–3222 and the first trace header's 115–116 are 0), \
         and {} bytes of traces divide in many ways: {}",
        wording::count(*data_bytes), say_samples(*fitting)
    )]
    SampleCountUnknown {
        /// From the first trace header to the end of the file.
        data_bytes: u64,
        /// A number of samples with which trace headers lie where they should.
        fitting: Option<u32>,
    },

    /// Some number of samples is recorded, but traces of that length are not found in the file.
    #[error(
        "with {} per trace, as bytes {byte}–{} say, the second trace header would lie at byte {}, \
         and there is none: {}",
        wording::things(u64::from(*n_samples), "sample"),
        if *byte == 3269 { byte + 3 } else { byte + 1 },
        wording::count(*next_header_at),
        say_samples(*fitting)
    )]
    TracesNotFound {
        /// As recorded.
        n_samples: u32,
        /// Where it is recorded.
        byte: u16,
        /// Position from 0.
        next_header_at: u64,
        /// A number of samples with which trace headers lie where they should.
        fitting: Option<u32>,
    },

    /// The user says that lengths vary, and the counts lead nowhere.
    #[error(
        "traces cannot be read as each header says (bytes 115–116): the counts do not lead from one trace \
         header to the next up to the end of the file; leave --trace-length varying away"
    )]
    LengthsLeadNowhere,

    /// The user's first trace lies behind the file.
    #[error(
        "the first trace would lie at byte {} of the file (from 0), but the file has {}: \
         say another position with --first-trace, or another number with --extended-headers",
        wording::count(*position), wording::things(*file_bytes, "byte")
    )]
    FirstTraceOutside {
        /// As given.
        position: u64,
        /// The file's length.
        file_bytes: u64,
    },

    /// The user says Seismic Unix, and it is not.
    #[error(
        "the numbers of samples at bytes 115–116 do not lead from trace to trace up to the end of the file, \
         in either byte order: this is no Seismic Unix file; leave --container away, or say --samples N"
    )]
    NotSeismicUnix,

    /// Nothing behind the headers.
    #[error(
        "the file has no whole trace: {} follow the file headers, and one trace of {} \
         needs {}; if the number of samples is wrong, say the right one with --samples N",
        wording::things(*found_bytes, "byte"), wording::things(u64::from(*n_samples), "sample"),
        wording::count(*needed_bytes)
    )]
    NoTraces {
        /// Behind the file headers.
        found_bytes: u64,
        /// Of one trace.
        needed_bytes: u64,
        /// Per trace.
        n_samples: u32,
    },

    /// The file became shorter.
    #[error(
        "the file shrank while it was read: {} bytes are left of {}; \
         is it still being copied, or was the drive removed? Try again when it is complete",
        wording::count(*found_bytes), wording::count(*expected_bytes)
    )]
    SourceShrank {
        /// At opening.
        expected_bytes: u64,
        /// Now.
        found_bytes: u64,
    },

    /// The file was written to.
    #[error(
        "the file changed while it was read: it had {} bytes and has {} now, \
         and was modified since; try again when nobody writes to it",
        wording::count(*expected_bytes), wording::count(*found_bytes)
    )]
    SourceChanged {
        /// At opening.
        expected_bytes: u64,
        /// Now.
        found_bytes: u64,
    },

    /// Bytes and samples of a call do not belong together: a fault of the caller.
    #[error(
        "{n_bytes} bytes of format {} ({}) do not fit {n_samples} samples of type {}",
        format.code(), format.label(), number_type.zarr_name()
    )]
    SamplesMismatch {
        /// Of the bytes.
        format: SampleFormat,
        /// How many.
        n_bytes: usize,
        /// How many.
        n_samples: usize,
        /// Of the samples.
        number_type: NumberType,
    },

    /// A header word that does not exist, or a value that does not fit it: a fault of the caller.
    #[error(
        "the header word {name} cannot hold {value}: it does not exist, or the value does not fit its type"
    )]
    HeaderWord {
        /// As asked for.
        name: String,
        /// As asked for.
        value: String,
    },

    /// The user's byte order contradicts the file's format code.
    #[error(
        "read {}, the sample format code at bytes 3225–3226 is {code}, which is none, though read {} it is one: \
         leave --byte-order away, or say the format too with --format CODE",
        order.label(), order.swapped().label()
    )]
    ByteOrderContradicted {
        /// As given.
        order: ByteOrder,
        /// Read in that order.
        code: i16,
    },
}

/// The remedy where the number of samples is wrong or missing.
fn say_samples(fitting: Option<u32>) -> String {
    match fitting {
        Some(n) => format!(
            "traces of {n} samples would fit the file; if that is right, say so with --samples {n}"
        ),
        None => "if you know the right number, say it with --samples N".to_owned(),
    }
}

impl SegyError {
    /// Whether the user can do something about it in this program: give an option, choose another file.
    pub fn is_user_fixable(&self) -> bool {
        match self {
            Self::NotAFile { .. }
            | Self::TooShort { .. }
            | Self::NotSegy { .. }
            | Self::UnknownSampleFormat { .. }
            | Self::OnlyZeros { .. }
            | Self::NoSuchSampleFormat { .. }
            | Self::UnsupportedSampleFormat { .. }
            | Self::SampleCountUnknown { .. }
            | Self::TracesNotFound { .. }
            | Self::NoTraces { .. }
            | Self::LengthsLeadNowhere
            | Self::NotSeismicUnix
            | Self::FirstTraceOutside { .. }
            | Self::SourceShrank { .. }
            | Self::SourceChanged { .. }
            | Self::ByteOrderContradicted { .. } => true,
            Self::Io { source, .. } => matches!(
                source.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied
            ),
            Self::Cancelled
            | Self::Write { .. }
            | Self::SamplesMismatch { .. }
            | Self::HeaderWord { .. } => false,
        }
    }
}
