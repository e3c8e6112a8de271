//! Where another program reads a file of the corpus otherwise than we do, and why. A row that no
//! longer holds fails the test as an unexplained difference does.

use crate::reading::Difference::{self, Headers, SampleCount, Samples};

/// One difference.
pub(crate) struct Explained {
    /// "segyio" or "giga-segy".
    pub(crate) reader: &'static str,
    /// Of the file in the corpus.
    pub(crate) id: &'static str,
    pub(crate) differences: &'static [Difference],
    pub(crate) reason: &'static str,
}

const COORDINATES: &str = "it takes coordinates through f32, which rounds numbers over 16,777,216";
const SAMPLES_AS_FLOATS: &str =
    "it gives all samples (and coordinates) as f32, which rounds these large whole numbers";
const LENGTH_FROM_TRACE_HEADERS: &str = "without a fixed-length flag it takes the number of samples from the trace headers, which say 0";
const LITTLE_IBM: &str =
    "it reads IBM floats as big-endian in every file (and takes coordinates through f32)";
const THREE_BYTES: &str = "it reads samples of three bytes as four-byte IBM floats: rubbish";
const UNNORMALISED: &str = "it decodes IBM words that are not normalised to other values";

#[rustfmt::skip]
pub(crate) const EXPLAINED: &[Explained] = &[
    row("giga-segy", "segyio-fmt02-msb", &[Headers], COORDINATES),
    row("giga-segy", "segyio-fmt03-msb", &[Headers], COORDINATES),
    row("giga-segy", "segyio-fmt06-msb", &[Headers], COORDINATES),
    row("giga-segy", "segyio-fmt08-msb", &[Headers], COORDINATES),
    row("giga-segy", "segyio-fmt16-msb", &[Headers], COORDINATES),
    row("giga-segy", "volve-migvel-depth", &[Headers], COORDINATES),
    row("giga-segy", "volve-test-geometry", &[Headers], COORDINATES),
    row("giga-segy", "usgs-lineE", &[Headers], COORDINATES),
    row("giga-segy", "segyio-fmt05-lsb", &[Headers], COORDINATES),
    row("giga-segy", "segyio-fmt09-lsb", &[Headers], COORDINATES),
    row("giga-segy", "segyio-fmt11-lsb", &[Headers], COORDINATES),
    row("giga-segy", "segyio-fmt01-lsb", &[Samples, Headers], LITTLE_IBM),
    row("giga-segy", "oneseismic-iline5-xline21-lsb", &[Samples], LITTLE_IBM),
    row("giga-segy", "aram-le-mislabelled", &[Samples], LITTLE_IBM),
    row("giga-segy", "segyio-fmt10-msb", &[Samples, Headers], SAMPLES_AS_FLOATS),
    row("giga-segy", "segyio-fmt12-msb", &[Samples, Headers], SAMPLES_AS_FLOATS),
    row("giga-segy", "segyio-interval-both-negative", &[SampleCount], LENGTH_FROM_TRACE_HEADERS),
    row("giga-segy", "vdsslice-prestack", &[SampleCount, Samples, Headers], LENGTH_FROM_TRACE_HEADERS),
    row("giga-segy", "vdsslice-well-known", &[SampleCount, Headers], LENGTH_FROM_TRACE_HEADERS),
    row("segyio", "segyio-fmt07-msb", &[Samples], THREE_BYTES),
    row("segyio", "segyio-fmt15-lsb", &[Samples], THREE_BYTES),
    row("segyio", "oneseismic-iline5-xline21-lsb", &[Samples], UNNORMALISED),
    row("segyio", "aram-le-mislabelled", &[Samples], UNNORMALISED),
];

/// One row; short, so that the table above reads as a table.
const fn row(
    reader: &'static str,
    id: &'static str,
    differences: &'static [Difference],
    reason: &'static str,
) -> Explained {
    Explained {
        reader,
        id,
        differences,
        reason,
    }
}
