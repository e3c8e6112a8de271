//! Why was something decided so, and what speaks against the rest? The phrases of a report.

use super::evidence::Headers;
use super::extensions::OwnCounts;
use super::judging::Judged;
use super::places::{AdditionalFrom, Announced, Place, SamplesFrom, StartFrom};
use crate::segy::Decided;
use crate::segy::text::TEXTUAL_HEADER_BYTES;
use crate::wording;

pub(super) fn samples_byte(from: SamplesFrom) -> u16 {
    match from {
        SamplesFrom::User | SamplesFrom::Binary | SamplesFrom::Padded { .. } => 3221,
        SamplesFrom::BinaryExtended => 3269,
        SamplesFrom::TraceHeader => 115,
    }
}

/// "91 samples (bytes 3221–3222)".
pub(super) fn samples_label(judged: &Judged) -> String {
    let byte = samples_byte(judged.place.samples_from);
    let last = if byte == 3269 { byte + 3 } else { byte + 1 };
    let n_samples = u64::from(judged.place.n_samples);
    if let SamplesFrom::Padded { .. } = judged.place.samples_from {
        let n_samples = wording::things(n_samples, "sample");
        return format!("{n_samples} (each trace filled up to whole blocks)");
    }
    format!(
        "{} (bytes {byte}–{last})",
        wording::things(n_samples, "sample")
    )
}

/// What speaks against a candidate.
pub(super) fn objection(judged: &Judged) -> &'static str {
    match (judged.size_fits, judged.headers) {
        (true, Headers::Agree) => "fits too, but is further from the standard or skips headers",
        (true, Headers::Silent) => "only the file's size fits",
        (false, Headers::Agree | Headers::Silent) => "the file's size does not fit",
        (_, Headers::Disagree) => "no trace headers lie where they would be",
        (_, Headers::Text) => "there is text, not a trace",
    }
}

pub(super) fn samples_reason(best: &Judged) -> String {
    let by = match best.place.samples_from {
        SamplesFrom::User => return "given by the user".to_owned(),
        SamplesFrom::Binary => "bytes 3221–3222",
        SamplesFrom::BinaryExtended => "bytes 3269–3272",
        SamplesFrom::TraceHeader => "the first trace header",
        SamplesFrom::Padded { said } => {
            let said = wording::count(u64::from(said));
            return format!(
                "trace headers lie {} bytes apart: each trace is filled up behind the {said} samples \
                 that the headers say",
                wording::count(best.grid.stride_bytes)
            );
        }
    };
    match (best.size_fits, best.headers) {
        (true, Headers::Agree) => format!("{by}; the file's size and its trace headers fit"),
        (true, _) => format!("{by}; the file's size fits"),
        (false, Headers::Agree) => format!("{by}; the trace headers fit, the file's size does not"),
        (false, _) => format!("{by}; nothing confirms it"),
    }
}

pub(super) fn extended_text_headers(place: &Place, announced: &Announced) -> Decided<u32> {
    let room_bytes = place.data_start.saturating_sub(announced.file_headers_end);
    let room = room_bytes / TEXTUAL_HEADER_BYTES as u64;
    let room = u32::try_from(room).unwrap_or(u32::MAX);
    match place.start_from {
        StartFrom::User => Decided::by_user(room),
        StartFrom::NoTextHeaders => Decided::new(0, "the first trace follows the binary header"),
        StartFrom::Declared => Decided::new(room, "bytes 3505–3506"),
        StartFrom::EndText => Decided::new(room, "the stanza ((SEG: EndText))"),
        StartFrom::TextFound => Decided::new(room, "what follows the binary header reads as text"),
        StartFrom::Found => Decided::new(
            announced.n_text_likely.min(room),
            "what lies in front of the first trace",
        ),
        StartFrom::FirstTraceOffset => {
            let declared = u32::try_from(announced.text_headers).unwrap_or(room);
            Decided::new(declared.min(room), "bytes 3505–3506 and 3521–3528")
        }
    }
}

/// Where the first trace begins.
pub(super) fn first_trace(place: &Place, announced: &Announced) -> Decided<u64> {
    let start = place.data_start;
    let why = match place.start_from {
        StartFrom::User => return Decided::by_user(start),
        StartFrom::NoTextHeaders => "behind the binary file header",
        StartFrom::Declared => "behind the textual headers of bytes 3505–3506",
        StartFrom::EndText => "behind the stanza ((SEG: EndText))",
        StartFrom::TextFound => "behind what reads as text",
        StartFrom::FirstTraceOffset => "bytes 3521–3528",
        StartFrom::Found => {
            let expected = announced.first_trace_expected;
            let decided = Decided::new(start, "trace headers follow each other from there on");
            return decided.instead_of(format!(
                "byte {expected} from 0, where the file headers end: no trace header begins there"
            ));
        }
    };
    Decided::new(start, why)
}

/// How many additional headers each trace has; `n_additional` is that of the trace with the most.
pub(super) fn additional_headers(
    place: &Place,
    n_additional: u32,
    own_counts: OwnCounts,
) -> Decided<u32> {
    let words = match place.additional_from {
        AdditionalFrom::User => return Decided::by_user(n_additional),
        AdditionalFrom::Nobody => "none are announced, or none fit",
        AdditionalFrom::TwoBytes => "bytes 3507–3508",
        AdditionalFrom::FourBytes => "bytes 3507–3510",
        AdditionalFrom::Extension => "trace header extension 1, bytes 157–158",
    };
    let why = match own_counts {
        OwnCounts::Followed => {
            "trace header extension 1, bytes 157–158: the counts lead from one header to the next"
                .to_owned()
        }
        OwnCounts::Zero => format!("{words}; bytes 157–158 of the extensions say nothing"),
        OwnCounts::Same if place.additional_from != AdditionalFrom::Extension => {
            format!("{words}, and bytes 157–158 of the extensions say the same")
        }
        OwnCounts::Other { .. } => {
            format!("{words}; what bytes 157–158 of the extensions say does not fit the file")
        }
        OwnCounts::Same | OwnCounts::NotAsked => words.to_owned(),
    };
    Decided::new(n_additional, why)
}
