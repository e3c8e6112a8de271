//! Where would the traces lie if a header word were right? One candidate for each combination.
//!
//! Words contradict each other, and each has been seen to lie; so every reading is a candidate, in
//! the order in which the standard would have it. [`evidence`](super::evidence) judges them.

use super::coding::Coding;
use super::extensions;
use super::head::FileHead;
use crate::segy::fields_trace::TRACE_HEADER_BYTES;
use crate::segy::source::Source;
use crate::segy::text::{TEXTUAL_HEADER_BYTES, looks_like_text};
use crate::segy::{FieldKind, LayoutOverrides, Revision, SegyError, TextEncoding};

/// Extended textual headers looked for behind the binary header; more would be megabytes of text.
const MOST_TEXT_HEADERS: u32 = 1024;

const TEXT_BYTES: u64 = TEXTUAL_HEADER_BYTES as u64;

/// A possible place for the traces.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Place {
    pub(super) data_start: u64,
    pub(super) start_from: StartFrom,
    pub(super) n_samples: u32,
    pub(super) samples_from: SamplesFrom,
    pub(super) n_additional: u32,
    pub(super) additional_from: AdditionalFrom,
    /// How far it is from what the standard would have: 0 is the book's own reading.
    pub(super) deviation: usize,
}

/// Why the first trace is where it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum StartFrom {
    User,
    /// Directly behind the binary file header.
    NoTextHeaders,
    /// Behind as many extended textual headers as announced.
    Declared,
    /// Behind the extended textual header that says `((SEG: EndText))`.
    EndText,
    /// The position at bytes 3521–3528.
    FirstTraceOffset,
    /// Behind blocks that read as text.
    TextFound,
    /// Where trace headers begin in truth, announced or not.
    Found,
}

/// Who says how many samples a trace has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum SamplesFrom {
    User,
    /// Bytes 3221–3222.
    Binary,
    /// Bytes 3269–3272.
    BinaryExtended,
    /// Bytes 115–116 of the first trace header.
    TraceHeader,
    /// As many as fit where each trace is filled up to whole blocks.
    Padded {
        /// As a word says.
        said: u32,
    },
}

/// Who says how many additional trace headers there are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum AdditionalFrom {
    User,
    Nobody,
    /// Bytes 3507–3508, revision 2.1.
    TwoBytes,
    /// Bytes 3507–3510, revision 2.0.
    FourBytes,
    /// Bytes 157–158 of the first trace's extension 1: fewer than the file's most.
    Extension,
}

/// What the words announce, whether true or not.
#[derive(Clone, Debug)]
pub(super) struct Announced {
    /// Position behind the binary file header.
    pub(super) file_headers_end: u64,
    /// Of a tape label before the textual header.
    pub(super) tape_label_bytes: u64,
    /// Where the words would have the first trace.
    pub(super) first_trace_expected: u64,
    /// Extended textual headers in front of that place.
    pub(super) n_text_likely: u32,
    /// Bytes 3505–3506.
    pub(super) text_headers: i64,
    /// Whether the announced `((SEG: EndText))` was found; `None` where none was announced.
    pub(super) end_text_found: Option<bool>,
    /// Bytes 3521–3528, of revision 2 only.
    pub(super) first_trace_offset: u64,
    /// Bytes 3221–3222.
    pub(super) samples: u32,
    /// Bytes 3269–3272.
    pub(super) samples_extended: u32,
    /// Of bytes 3507–3510, as the revision has it.
    pub(super) additional_headers: i64,
    /// The same where it is a possible number, of revision 2 only: no trace has more.
    pub(super) most_extensions: u32,
    /// Bytes 3513–3520, of revision 2 only.
    pub(super) traces: u64,
    /// Bytes 3529–3532, of revision 2 only.
    pub(super) trailer_stanzas: i64,
}

impl Announced {
    fn expect(&mut self, first_trace: u64) {
        self.first_trace_expected = first_trace;
        let room = first_trace.saturating_sub(self.file_headers_end) / TEXT_BYTES;
        self.n_text_likely = u32::try_from(room).unwrap_or(u32::MAX);
    }
}

/// Every place that some combination of words makes possible, the book's reading first; only those
/// with the first trace at `found`, where that is given.
pub(super) fn candidates(
    source: &Source,
    head: &FileHead,
    coding: &Coding,
    revision: Revision,
    overrides: &LayoutOverrides,
    found: Option<u64>,
) -> Result<(Vec<Place>, Announced), SegyError> {
    let order = coding.byte_order.value;
    let int = |kind, byte| head.int(kind, byte, order);
    let unsigned = |kind, byte| u32::try_from(int(kind, byte)).unwrap_or(0);
    let if_revision_2 = |value: i64| if revision.major >= 2 { value } else { 0 };
    let mut announced = Announced {
        file_headers_end: head.end(),
        tape_label_bytes: head.tape_label_bytes,
        first_trace_expected: head.end(),
        n_text_likely: 0,
        text_headers: int(FieldKind::I16, 3505),
        end_text_found: None,
        first_trace_offset: if_revision_2(int(FieldKind::U64, 3521)).cast_unsigned(),
        samples: unsigned(FieldKind::U16, 3221),
        samples_extended: unsigned(FieldKind::I32, 3269),
        additional_headers: 0,
        most_extensions: 0,
        traces: if_revision_2(int(FieldKind::U64, 3513)).cast_unsigned(),
        trailer_stanzas: if_revision_2(int(FieldKind::I32, 3529)),
    };
    let mut additional = additional_headers(head, coding, revision, &mut announced);
    if revision.major >= 2 {
        let numbers = additional.iter().map(|&(n, _)| n);
        announced.most_extensions = numbers.into_iter().find(|&n| n > 0).unwrap_or(0);
    }
    if let Some(n) = overrides.n_additional_trace_headers {
        additional = vec![(n, AdditionalFrom::User)];
    }
    let mut starts = starts(source, &mut announced, overrides)?;
    let nearest = |start: &&(u64, StartFrom)| start.0.abs_diff(found.unwrap_or(0));
    let expected = match found {
        Some(_) => starts.iter().min_by_key(nearest),
        None => starts.first(),
    };
    if let Some(&(expected, _)) = expected {
        announced.expect(expected);
    }
    if let Some(found) = found {
        starts = vec![(found, StartFrom::Found)];
    }
    let mut places = Vec::new();
    for (i, (data_start, start_from)) in starts.into_iter().enumerate() {
        let samples = sample_counts(source, coding, revision, overrides, &announced, data_start)?;
        let mut additional = additional.clone();
        if overrides.n_additional_trace_headers.is_none() {
            let own = extensions::count_of_first(source, coding, &announced, data_start)?;
            let is_new = |own: &u32| additional.iter().all(|(n, _)| n != own);
            additional.extend(own.filter(is_new).map(|n| (n, AdditionalFrom::Extension)));
        }
        for (j, &(n_samples, samples_from)) in samples.iter().enumerate() {
            for (k, &(n_additional, additional_from)) in additional.iter().enumerate() {
                places.push(Place {
                    data_start,
                    start_from,
                    n_samples,
                    samples_from,
                    n_additional,
                    additional_from,
                    deviation: i + j + k,
                });
            }
        }
    }
    if overrides.n_samples.is_none() {
        places.extend(padded(&places, coding.format.value.size_bytes()));
    }
    places.sort_by_key(|place| place.deviation);
    Ok((places, announced))
}

/// The same places where each trace is filled up to a multiple of a block, as some writers of tapes
/// and disks did.
fn padded(places: &[Place], sample_bytes: usize) -> Vec<Place> {
    const BLOCKS: [u64; 2] = [512, 4096];
    /// Behind all that the words say.
    const FAR: usize = 100;

    let sample_bytes = sample_bytes as u64;
    let mut padded = Vec::new();
    for place in places.iter().filter(|place| place.n_samples > 0) {
        let headers_bytes = TRACE_HEADER_BYTES as u64 * (1 + u64::from(place.n_additional));
        let trace_bytes = headers_bytes + u64::from(place.n_samples) * sample_bytes;
        for block in BLOCKS {
            let room_bytes = trace_bytes.next_multiple_of(block) - headers_bytes;
            let n_samples = u32::try_from(room_bytes / sample_bytes).unwrap_or(0);
            if room_bytes.is_multiple_of(sample_bytes) && n_samples > place.n_samples {
                padded.push(Place {
                    n_samples,
                    samples_from: SamplesFrom::Padded {
                        said: place.n_samples,
                    },
                    deviation: place.deviation + FAR,
                    ..*place
                });
            }
        }
    }
    padded
}

/// Possible positions of the first trace.
fn starts(
    source: &Source,
    announced: &mut Announced,
    overrides: &LayoutOverrides,
) -> Result<Vec<(u64, StartFrom)>, SegyError> {
    let behind_text = |n: u32| announced.file_headers_end + u64::from(n) * TEXT_BYTES;
    let given = overrides
        .first_trace_position
        .or_else(|| overrides.n_extended_text_headers.map(behind_text));
    if let Some(position) = given {
        let file_bytes = source.size_bytes();
        return if position < file_bytes {
            Ok(vec![(position, StartFrom::User)])
        } else {
            Err(SegyError::FirstTraceOutside {
                position,
                file_bytes,
            })
        };
    }
    let mut starts = Vec::new();
    let mut add = |start: u64, from: StartFrom| {
        let known = starts.iter().any(|&(other, _)| other == start);
        if !known && (announced.file_headers_end..=source.size_bytes()).contains(&start) {
            starts.push((start, from));
        }
    };
    if announced.first_trace_offset != 0 {
        add(announced.first_trace_offset, StartFrom::FirstTraceOffset);
        // Counted without the label by some.
        let without_label = announced
            .first_trace_offset
            .saturating_add(announced.tape_label_bytes);
        add(without_label, StartFrom::FirstTraceOffset);
    }
    let file_headers_end = announced.file_headers_end;
    let behind = |n: u32| file_headers_end + u64::from(n) * TEXT_BYTES;
    let found = text_headers_found(source, file_headers_end, announced.text_headers < 0)?;
    if let Ok(declared @ 1..) = u32::try_from(announced.text_headers) {
        add(behind(declared), StartFrom::Declared);
    } else if announced.text_headers < 0 {
        announced.end_text_found = Some(found.end_text.is_some());
        if let Some(n) = found.end_text {
            add(behind(n), StartFrom::EndText);
        }
    }
    if found.n_text > 0 && announced.text_headers < 0 {
        add(behind(found.n_text), StartFrom::TextFound);
    }
    add(file_headers_end, StartFrom::NoTextHeaders);
    for n in (1..=found.n_text).rev() {
        add(behind(n), StartFrom::TextFound);
    }
    Ok(starts)
}

/// Extended textual headers in front of the first trace, as far as that can be told before all else
/// is known: as declared, or as many blocks as read as text where their number is left open.
pub(super) fn n_text_headers_likely(
    source: &Source,
    file_headers_end: u64,
    declared: i64,
) -> Result<u32, SegyError> {
    if let Ok(declared @ 1..) = u32::try_from(declared) {
        return Ok(declared);
    }
    let found = text_headers_found(source, file_headers_end, declared < 0)?;
    Ok(found.end_text.unwrap_or(found.n_text))
}

/// Blocks of text behind the binary file header.
struct TextFound {
    /// Blocks in a row that read as text.
    n_text: u32,
    /// Blocks up to and with the one that says `((SEG: EndText))`, where that is looked for.
    end_text: Option<u32>,
}

fn text_headers_found(
    source: &Source,
    file_headers_end: u64,
    wants_end_text: bool,
) -> Result<TextFound, SegyError> {
    let mut found = TextFound {
        n_text: 0,
        end_text: None,
    };
    for n in 1..=MOST_TEXT_HEADERS {
        let end = file_headers_end + u64::from(n) * TEXT_BYTES;
        if end > source.size_bytes() {
            break;
        }
        let block = source.read(end - TEXT_BYTES..end)?;
        if wants_end_text && says_end_text(&block) {
            found.end_text = Some(n);
            found.n_text = n;
            break;
        }
        if looks_like_text(&block) && found.n_text + 1 == n {
            found.n_text = n;
        } else if !wants_end_text || n > found.n_text + 8 {
            break;
        }
    }
    Ok(found)
}

/// Whether a block holds the stanza `((SEG: EndText))`, blanks and case aside.
fn says_end_text(block: &[u8]) -> bool {
    [TextEncoding::Ebcdic, TextEncoding::Ascii]
        .iter()
        .any(|code| {
            let text: String = code
                .decode(block)
                .chars()
                .filter(|c| !c.is_whitespace() && *c != '\0')
                .collect();
            text.to_ascii_lowercase().contains("((seg:endtext))")
        })
}

/// Possible numbers of samples, if the first trace lies at `data_start`.
fn sample_counts(
    source: &Source,
    coding: &Coding,
    revision: Revision,
    overrides: &LayoutOverrides,
    announced: &Announced,
    data_start: u64,
) -> Result<Vec<(u32, SamplesFrom)>, SegyError> {
    if let Some(n_samples) = overrides.n_samples {
        return Ok(vec![(n_samples, SamplesFrom::User)]);
    }
    let binary = (announced.samples, SamplesFrom::Binary);
    let extended = (announced.samples_extended, SamplesFrom::BinaryExtended);
    let trace_word = trace_sample_word(source, coding, data_start)?;
    let trace = (u32::from(trace_word), SamplesFrom::TraceHeader);
    let by_the_book = if revision.major >= 2 {
        [extended, binary, trace]
    } else {
        [binary, trace, extended]
    };
    let mut counts: Vec<(u32, SamplesFrom)> = Vec::new();
    for (n_samples, from) in by_the_book {
        if n_samples > 0 && counts.iter().all(|&(known, _)| known != n_samples) {
            counts.push((n_samples, from));
        }
    }
    Ok(counts)
}

/// Bytes 115–116 of the trace header at `data_start`; 0 where the file ends before.
fn trace_sample_word(source: &Source, coding: &Coding, data_start: u64) -> Result<u16, SegyError> {
    let end = data_start + TRACE_HEADER_BYTES as u64;
    if end > source.size_bytes() {
        return Ok(0);
    }
    let header = source.read(data_start..end)?;
    let word = FieldKind::U16.read_i64(&header, 115, coding.byte_order.value);
    Ok(word.and_then(|word| u16::try_from(word).ok()).unwrap_or(0))
}

/// Possible numbers of additional trace headers. Revision 2.0 has four bytes for it, 2.1 two; and
/// makers of 2.0 files have been seen to write two.
fn additional_headers(
    head: &FileHead,
    coding: &Coding,
    revision: Revision,
    announced: &mut Announced,
) -> Vec<(u32, AdditionalFrom)> {
    /// More would be a trace header longer than most traces.
    const MOST: i64 = 1000;

    let order = coding.byte_order.value;
    let two = (
        head.int(FieldKind::I16, 3507, order),
        AdditionalFrom::TwoBytes,
    );
    let four = (
        head.int(FieldKind::I32, 3507, order),
        AdditionalFrom::FourBytes,
    );
    let none = (0, AdditionalFrom::Nobody);
    let by_the_book = match (revision.major, revision.minor) {
        (0 | 1, _) => [none, two, four],
        (2, 0) => [four, two, none],
        _ => [two, four, none],
    };
    announced.additional_headers = by_the_book[0].0;
    let mut counts: Vec<(u32, AdditionalFrom)> = Vec::new();
    for (n, from) in by_the_book {
        let known = counts.iter().any(|&(known, _)| i64::from(known) == n);
        if let (false, true, Ok(count)) = (known, n <= MOST, u32::try_from(n)) {
            counts.push((count, from));
        }
    }
    counts
}
