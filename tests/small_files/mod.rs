//! One small file of each kind: what the tests of every prefix and every byte begin with, and the
//! fuzzer too.

#![allow(dead_code, reason = "each test binary uses its part")]

use std::ops::Range;

use crate::support::{Extended, Order, SegyBuilder, Text};

/// A kind of file, and its bytes.
pub(crate) struct SmallFile {
    pub(crate) name: &'static str,
    pub(crate) bytes: Vec<u8>,
    /// Where headers and samples begin that are worth a change of every byte: textual headers are
    /// long, and one of their bytes is like another.
    pub(crate) interesting_from: usize,
    /// So are extended textual headers.
    pub(crate) extended: Range<usize>,
}

impl SmallFile {
    /// Whether the byte at `at` is one of many alike.
    pub(crate) fn is_text(&self, at: usize) -> bool {
        at < self.interesting_from || self.extended.contains(&at)
    }
}

fn small(name: &'static str, builder: &SegyBuilder) -> SmallFile {
    let label = if builder.tape_label { 128 } else { 0 };
    SmallFile {
        name,
        bytes: builder.bytes(),
        interesting_from: if builder.seismic_unix {
            label
        } else {
            label + 3200
        },
        extended: if builder.seismic_unix {
            0..0
        } else {
            label + 3600..builder.data_start()
        },
    }
}

/// Each revision, format family, byte order and way to lay out a file, with as few bytes as it takes.
pub(crate) fn small_files() -> Vec<SmallFile> {
    let base = || SegyBuilder::new(3, 5);
    let varying = |trace: u64| if trace == 1 { 3 } else { 5 };
    vec![
        small("revision 0, IBM floats", &base().revision(0, 0)),
        small("revision 1, IEEE floats", &base().format(5)),
        small(
            "revision 2.0, little-endian int32",
            &base().revision(2, 0).format(2).little_endian(),
        ),
        small(
            "revision 2.1, int24, trace header extension",
            &base().revision(2, 1).format(7).additional_headers(1),
        ),
        small(
            "little-endian int16, ASCII",
            &base().format(3).little_endian().text(Text::Ascii),
        ),
        small(
            "pair-swapped IBM floats",
            &base().order(Order::PairSwapped).revision(0, 0),
        ),
        small("bytes", &base().format(8)),
        small("float64", &base().format(6)),
        small("uint16", &base().revision(2, 0).format(11)),
        small(
            "extended textual header",
            &base()
                .revision(1, 0)
                .extended(Extended::EndText, &["((SEG: MADE ver 1.0))", "x"]),
        ),
        small("traces of varying length", &base().lengths(varying)),
        small(
            "a gap between traces",
            &base().lengths(varying).gap(2, &[7; 40]),
        ),
        small("Seismic Unix", &base().seismic_unix()),
        small(
            "little-endian Seismic Unix",
            &base().seismic_unix().little_endian(),
        ),
        small("trailer", &base().trailer(b"behind the last trace")),
        small("tape label", &base().tape_label()),
        small("no samples in trace headers", &base().without_trace_words()),
    ]
}
