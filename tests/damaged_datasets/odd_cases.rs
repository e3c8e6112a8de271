//! Damages of what only some datasets have: gaps between traces, exceptions, extended headers.

use crate::cases::Case;
use crate::cases::End::{KeptInPlace, Named, Overview, Refused};
use crate::harm::Harm::{Cut, Flip, Link, Remove, Replace, Write};

const GAPS: &str = "segy/gaps.parquet";
const GAP_BYTES: &str = "segy/gaps.bin";
const EXCEPTIONS: &str = "segy/exceptions.parquet";
const EXTENDED: &str = "segy/extended_textual_headers.bin";
const HALF: fn(usize) -> usize = |n| n / 2;

/// Of an odd file's dataset.
pub(crate) const ODD: &[Case] = &[
    (
        "a bit in the table of gaps",
        Flip(GAPS, |_| 40),
        Named("segy/gaps.parquet was changed", u64::MAX),
    ),
    (
        "the table of gaps cut",
        Cut(GAPS, HALF),
        Named("segy/gaps.parquet has", 0),
    ),
    (
        "the table of gaps missing",
        Remove(GAPS),
        Named("segy/gaps.parquet cannot be read", 0),
    ),
    (
        "a link out in the place of the table of gaps",
        Link(GAPS),
        Named("leads out of", 0),
    ),
    (
        "a bit in the bytes of gaps",
        Flip(GAP_BYTES, |_| 9),
        KeptInPlace("segy/gaps.bin was changed"),
    ),
    (
        "the bytes of gaps cut",
        Cut(GAP_BYTES, HALF),
        KeptInPlace("segy/gaps.bin has 20 bytes where 40 were written"),
    ),
    (
        "the bytes of gaps missing",
        Remove(GAP_BYTES),
        KeptInPlace("segy/gaps.bin cannot be read"),
    ),
    (
        "the manifest counts other gaps",
        Write("manifest.json", "\"n_gaps\": 1", "\"n_gaps\": 7"),
        Named("the manifest counts 7", 0),
    ),
    (
        "the manifest counts traces of other lengths",
        Write(
            "manifest.json",
            "\"n_padded_traces\": 0",
            "\"n_padded_traces\": 5",
        ),
        Named("n_samples_in_file", 96),
    ),
    (
        "a bit in the exceptions",
        Flip(EXCEPTIONS, |_| 40),
        Named("segy/exceptions.parquet was changed", u64::MAX),
    ),
    (
        "the exceptions cut",
        Cut(EXCEPTIONS, HALF),
        KeptInPlace("segy/exceptions.parquet has"),
    ),
    (
        "the exceptions missing",
        Remove(EXCEPTIONS),
        KeptInPlace("segy/exceptions.parquet cannot be read"),
    ),
    (
        "other exceptions",
        Replace(EXCEPTIONS, b"PAR1nonsensePAR1"),
        KeptInPlace("segy/exceptions.parquet"),
    ),
    (
        "a bit in an extended textual header",
        Flip(EXTENDED, |_| 99),
        Named("segy/extended_textual_headers.bin was changed", 0),
    ),
    (
        "an extended textual header cut",
        Cut(EXTENDED, HALF),
        Named("segy/extended_textual_headers.bin has 1 600 bytes", 0),
    ),
    (
        "the extended textual header missing",
        Remove(EXTENDED),
        Named("segy/extended_textual_headers.bin cannot be read", 0),
    ),
    (
        "the manifest says longer file headers",
        Write(
            "manifest.json",
            "\"file_header_bytes\": 6800",
            "\"file_header_bytes\": 10000",
        ),
        Named("bytes of file headers", 0),
    ),
    (
        "the manifest says a trailer longer than any disk",
        Write(
            "manifest.json",
            "\"trailer_bytes\": 0",
            "\"trailer_bytes\": 9000000000000000000",
        ),
        Named("bytes of the trailer", u64::MAX),
    ),
    (
        "the manifest is of a newer program",
        Write(
            "manifest.json",
            "\"format_version\": 1",
            "\"format_version\": 2",
        ),
        Refused("2"),
    ),
    (
        "a bit in the overview's largest values",
        Flip("traces.zarr/overview/1/max/c/0/0", |_| 20),
        Overview("chunk 0 of overview/1/max (traces 0 to 95)"),
    ),
];
