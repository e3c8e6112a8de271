//! Every damage that we could think of, and what must come of it.

use crate::harm::Harm::{self, Cut, Flip, Link, Remove, Replace, Write};
use End::{Harmless, Named, Overview, Refused};

/// What must come of it.
pub(crate) enum End {
    /// It cannot be opened: the sentence says this.
    Refused(&'static str),
    /// `verify` says this, and so many traces are filled in by an export.
    Named(&'static str, u64),
    /// `verify` says this; nothing but a gap's bytes or the words of exceptions is missing from an
    /// export: every part lies where it lay.
    KeptInPlace(&'static str),
    /// `verify` says this; an export is whole, and pictures from afar are as they were.
    Overview(&'static str),
    /// No harm is done; `verify` may note it.
    Harmless,
}

/// What it is called, what happens, what comes of it.
pub(crate) type Case = (&'static str, Harm, End);

const FIRST_SHARD: &str = "traces.zarr/amplitude/c/0/0";
const HALF: fn(usize) -> usize = |n| n / 2;
const AMPLITUDE: &str = "traces.zarr/amplitude/zarr.json";
const OVERVIEW: &str = "traces.zarr/overview/1/min/c/0/0";

/// Of a plain file's dataset.
pub(crate) const PLAIN: &[Case] = &[
    (
        "a bit in a chunk",
        Flip(FIRST_SHARD, |_| 20),
        Named("chunk 0 (traces 0 to 7)", 8),
    ),
    (
        "a bit in a shard's index",
        Flip(FIRST_SHARD, |n| n - 30),
        Named("the checksum of its shard's index is wrong", 96),
    ),
    (
        "a shard cut short",
        Cut(FIRST_SHARD, HALF),
        Named("chunk 0 (traces 0 to 7)", 96),
    ),
    (
        "an empty shard",
        Cut(FIRST_SHARD, |_| 0),
        Named("too short for an index", 96),
    ),
    (
        "a missing shard",
        Remove(FIRST_SHARD),
        Named("its shard's file is missing", 96),
    ),
    (
        "a link out in a shard's place",
        Link(FIRST_SHARD),
        Named("leads out of", 96),
    ),
    (
        "headers.parquet: a bit in the middle",
        Flip("headers.parquet", HALF),
        Named("headers.parquet was changed", u64::MAX),
    ),
    (
        "headers.parquet: a bit in the footer",
        Flip("headers.parquet", |n| n - 400),
        Named("headers.parquet was changed", u64::MAX),
    ),
    (
        "headers.parquet cut short",
        Cut("headers.parquet", HALF),
        Named("the table of trace headers cannot be read", 96),
    ),
    (
        "headers.parquet missing",
        Remove("headers.parquet"),
        Named("the table of trace headers cannot be read", 96),
    ),
    (
        "headers.parquet of another dataset",
        Replace("headers.parquet", b"PAR1nonsensePAR1"),
        Named("the table of trace headers cannot be read", 96),
    ),
    (
        "a link out in headers.parquet's place",
        Link("headers.parquet"),
        Named("leads out of", 96),
    ),
    (
        "ensembles.parquet cut",
        Cut("ensembles.parquet", HALF),
        Named("ensembles.parquet has", 0),
    ),
    (
        "ensembles.parquet missing",
        Remove("ensembles.parquet"),
        Named("ensembles.parquet cannot be read", 0),
    ),
    (
        "a bit in ensembles.parquet",
        Flip("ensembles.parquet", |_| 60),
        Named("ensembles.parquet was changed", 0),
    ),
    (
        "a bit in the textual header",
        Flip("segy/textual_header.bin", |_| 99),
        Named("segy/textual_header.bin was changed", 0),
    ),
    (
        "the binary header cut",
        Cut("segy/binary_header.bin", HALF),
        Named("segy/binary_header.bin has 200 bytes", 0),
    ),
    (
        "the binary header missing",
        Remove("segy/binary_header.bin"),
        Named("segy/binary_header.bin cannot be read", 0),
    ),
    (
        "the trailer missing",
        Remove("segy/trailer.bin"),
        Named("segy/trailer.bin", 0),
    ),
    (
        "the trailer longer",
        Replace("segy/trailer.bin", &[9; 5000]),
        Named("segy/trailer.bin has 5 000 bytes", 0),
    ),
    (
        "a link out in the trailer's place",
        Link("segy/trailer.bin"),
        Named("leads out of", 0),
    ),
    (
        "the array's metadata missing",
        Remove(AMPLITUDE),
        Named(AMPLITUDE, 0),
    ),
    (
        "the array's metadata is no JSON",
        Replace(AMPLITUDE, b"{"),
        Named(AMPLITUDE, 0),
    ),
    (
        "the array's metadata says another shape",
        Write(AMPLITUDE, "96", "95"),
        Named("it was changed since it was written", 0),
    ),
    (
        "consolidated metadata contradict",
        Write("traces.zarr/zarr.json", "96", "97"),
        Named("traces.zarr/zarr.json was changed", 0),
    ),
    (
        "the time axis changed",
        Flip("traces.zarr/time/c/0", |_| 9),
        Named("traces.zarr/time/c/0 was changed", 0),
    ),
    (
        "the manifest missing",
        Remove("manifest.json"),
        Refused("never finished"),
    ),
    (
        "the manifest cut",
        Cut("manifest.json", HALF),
        Refused("the manifest cannot be read"),
    ),
    (
        "a link out in the manifest's place",
        Link("manifest.json"),
        Refused("manifest.json"),
    ),
    (
        "the manifest says more traces",
        Write("manifest.json", "\"n_traces\": 96", "\"n_traces\": 95"),
        Refused("and the manifest needs"),
    ),
    (
        "the manifest says 2^47 traces",
        Write(
            "manifest.json",
            "\"n_traces\": 96",
            "\"n_traces\": 140737488355328",
        ),
        Refused("the manifest cannot be read"),
    ),
    (
        "the manifest says other chunks",
        Write(
            "manifest.json",
            "\"chunk_traces\": 8",
            "\"chunk_traces\": 9",
        ),
        Refused("the manifest cannot be read"),
    ),
    (
        "the manifest says another format",
        Write("manifest.json", "\"format_code\": 1", "\"format_code\": 5"),
        Named("an export would not give the imported bytes", 0),
    ),
    (
        "the manifest says a longer trailer",
        Write(
            "manifest.json",
            "\"trailer_bytes\": 21",
            "\"trailer_bytes\": 22",
        ),
        Named("21 where the manifest says 22", 0),
    ),
    (
        "the manifest counts exceptions",
        Write(
            "manifest.json",
            "\"n_exceptions\": 0",
            "\"n_exceptions\": 3",
        ),
        Named("exceptions", 0),
    ),
    (
        "the manifest sums up a file outside",
        Write("manifest.json", "\"ensembles.parquet\"", "\"../made.sgy\""),
        Named("leads out of", 0),
    ),
    (
        "the manifest names a file outside as the source",
        Write("manifest.json", "\"made.sgy\"", "\"/etc/passwd\""),
        Harmless,
    ),
    ("a foreign file", Replace(".DS_Store", b"x"), Harmless),
    (
        "a foreign file among the shards",
        Replace("traces.zarr/amplitude/c/notes", b"x"),
        Harmless,
    ),
    (
        "a bit in the overview",
        Flip(OVERVIEW, |_| 20),
        Overview("chunk 0 of overview/1/min (traces 0 to 95)"),
    ),
    (
        "a bit in the index of the overview's shard",
        Flip(OVERVIEW, |n| n - 30),
        Overview("chunk 0 of overview/1/min (traces 0 to 95)"),
    ),
    (
        "the overview cut",
        Cut(OVERVIEW, HALF),
        Overview("chunk 0 of overview/1/min (traces 0 to 95)"),
    ),
    (
        "the overview missing",
        Remove(OVERVIEW),
        Overview("chunk 0 of overview/1/min (traces 0 to 95)"),
    ),
    (
        "a link out in the overview's place",
        Link(OVERVIEW),
        Overview("leads out of"),
    ),
    (
        "the overview's metadata missing",
        Remove("traces.zarr/overview/1/max/zarr.json"),
        Overview("overview/1/max"),
    ),
    (
        "the overview's metadata say another shape",
        Write("traces.zarr/overview/1/max/zarr.json", "10", "11"),
        Overview("overview/1/max"),
    ),
];
