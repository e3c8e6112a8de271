//! Which file headers has the new file? The imported ones, with the words that must follow.
//!
//! ```text
//! textual 3200 ─lines, code─► │ binary 400 ─byte order─► words that follow ─► │ extended textual ─code─►
//! ```
//! What stands in no word of the standard is copied as it is.

use super::FormChange;
use super::plan::FormPlan;
use super::trace_headers::reordered;
use crate::dataset::Dataset;
use crate::export::ExportError;
use crate::segy::fields_binary::{
    BINARY_FIELDS, BINARY_HEADER_BYTES, binary_header_turned, find_binary_field,
};
use crate::segy::{
    ByteOrder, FieldKind, FieldSpec, FileHeaderSpec, HeaderValue, TEXTUAL_HEADER_BYTES,
    TextEncoding, TextualHeader,
};

/// The bytes in front of the first trace, and what of them is not as it was.
pub(super) fn file_headers(
    dataset: &Dataset,
    plan: &FormPlan,
    n_traces: u64,
    n_short: u64,
    changes: &mut Vec<FormChange>,
) -> Result<Vec<u8>, ExportError> {
    let mut bytes = textual_header(dataset, plan, changes)?;
    let extended = extended_headers(dataset, plan, changes)?;
    let facts = Facts {
        n_traces,
        is_fixed_length: n_short == 0,
        n_extended: (extended.len() / TEXTUAL_HEADER_BYTES) as u64,
        data_start: (TEXTUAL_HEADER_BYTES + BINARY_HEADER_BYTES + extended.len()) as u64,
    };
    let mut binary = dataset.segy_part("binary_header.bin")?;
    if dataset.manifest().segy.file_header_byte_order.is_some() {
        // From here on it is as the traces are.
        binary = binary_header_turned(&binary);
    }
    bytes.extend(binary_header(&binary, plan, &facts, changes)?);
    bytes.extend(extended);
    Ok(bytes)
}

fn textual_header(
    dataset: &Dataset,
    plan: &FormPlan,
    changes: &mut Vec<FormChange>,
) -> Result<Vec<u8>, ExportError> {
    let mut raw = dataset.segy_part("textual_header.bin")?;
    let encoding = plan.text_encoding;
    if raw.is_empty() {
        raw = TextualHeader::from_lines(&[], encoding).raw;
    } else if raw.len() != TEXTUAL_HEADER_BYTES {
        return Err(ExportError::PartDiffers {
            what: "bytes of the textual header",
            expected: TEXTUAL_HEADER_BYTES as u64,
            found: raw.len() as u64,
        });
    } else {
        raw = in_code(raw, plan);
    }
    let before = raw.clone();
    if let Some(text) = &plan.form.text {
        let lines: Vec<&str> = text.iter().map(String::as_str).collect();
        raw = TextualHeader::from_lines(&lines, encoding).raw;
    }
    let card_bytes = TEXTUAL_HEADER_BYTES / 40;
    for (number, line) in &plan.form.text_lines {
        let card = TextualHeader::from_lines(&[line], encoding).raw;
        let start = usize::from(number.saturating_sub(1)) * card_bytes;
        if let (Some(to), Some(from)) = (
            raw.get_mut(start..start + card_bytes),
            card.get(..card_bytes),
        ) {
            to.copy_from_slice(from);
        }
    }
    let cards = before.chunks(card_bytes).zip(raw.chunks(card_bytes));
    let lines: Vec<u8> = (1..)
        .zip(cards)
        .filter_map(|(number, (before, after))| (before != after).then_some(number))
        .collect();
    if !lines.is_empty() {
        changes.push(FormChange::TextLines { lines });
    }
    Ok(raw)
}

/// Text in the new code: one character for one, nothing is lost.
fn in_code(raw: Vec<u8>, plan: &FormPlan) -> Vec<u8> {
    let is_blank = raw.iter().all(|&byte| byte == 0);
    if plan.text_encoding == plan.from.text_encoding || is_blank {
        return raw;
    }
    plan.text_encoding
        .encode(&plan.from.text_encoding.decode(&raw))
}

fn extended_headers(
    dataset: &Dataset,
    plan: &FormPlan,
    changes: &mut Vec<FormChange>,
) -> Result<Vec<u8>, ExportError> {
    let mut raw = dataset.segy_part("extended_textual_headers.bin")?;
    let whole = raw.len() - raw.len() % TEXTUAL_HEADER_BYTES;
    if raw.len() > whole {
        changes.push(FormChange::BytesLeftOut {
            place: "in front of the first trace that are no textual header",
            bytes: (raw.len() - whole) as u64,
        });
        raw.truncate(whole);
    }
    if plan.revision.major == 0 && !raw.is_empty() {
        let n = (raw.len() / TEXTUAL_HEADER_BYTES) as u64;
        changes.push(FormChange::ExtendedTextHeadersLeftOut { n });
        raw.clear();
    }
    // Each has its own code, as stanzas are often ASCII in files of EBCDIC.
    if plan.text_encoding != plan.from.text_encoding {
        let codes = |block: &[u8]| match TextEncoding::guess(block) {
            guessed if guessed == plan.from.text_encoding => {
                plan.text_encoding.encode(&guessed.decode(block))
            }
            _ => block.to_vec(),
        };
        raw = raw.chunks(TEXTUAL_HEADER_BYTES).flat_map(codes).collect();
    }
    Ok(raw)
}

/// What words of the binary header tell of the rest of the file.
struct Facts {
    n_traces: u64,
    is_fixed_length: bool,
    n_extended: u64,
    data_start: u64,
}

fn binary_header(
    original: &[u8],
    plan: &FormPlan,
    facts: &Facts,
    changes: &mut Vec<FormChange>,
) -> Result<Vec<u8>, ExportError> {
    let order = plan.byte_order;
    if original.is_empty() {
        let micros = plan.from.interval_micros.unwrap_or(0.0);
        let spec = FileHeaderSpec::new(order, plan.format, plan.n_samples(), micros);
        let mut header = Words::new(spec.binary_header.bytes().to_vec(), order);
        header.follow(plan, facts);
        return Ok(header.bytes);
    }
    if original.len() != BINARY_HEADER_BYTES {
        return Err(ExportError::PartDiffers {
            what: "bytes of the binary header",
            expected: BINARY_HEADER_BYTES as u64,
            found: original.len() as u64,
        });
    }
    let readings = readings(plan.from.revision.minor);
    let words = readings.iter().filter_map(|field| {
        // Major and minor number are two bytes in every order.
        let start = usize::from(field.byte_in_binary_header()?) - 1;
        (field.byte != 3501).then(|| start..start + field.kind.size_bytes())
    });
    let words: Vec<_> = words.collect();
    let mut header = Words::new(original.to_vec(), order);
    if plan.reorders() {
        header.bytes = reordered(original, &words, plan.from.byte_order, order);
        let bytes = (0..original.len())
            .filter(|i| *i != 300 && *i != 301 && !words.iter().any(|word| word.contains(i)))
            .filter(|&i| original.get(i).is_some_and(|&byte| byte != 0))
            .count() as u64;
        if bytes > 0 {
            let place = "the binary header";
            changes.push(FormChange::BytesNotReordered { place, bytes });
        }
    }
    header.follow(plan, facts);
    header.clear_newer_words(plan);
    for field in readings {
        let Some(byte) = field.byte_in_binary_header() else {
            continue;
        };
        let read = |bytes: &[u8], order| field.kind.read(bytes, byte, order);
        let before = read(original, plan.from.byte_order);
        let after = read(&header.bytes, order);
        if let (Some(before), Some(after)) = (before, after)
            && before != after
        {
            changes.push(FormChange::BinaryWord {
                byte: field.byte,
                name: field.name,
                from: before.to_string(),
                to: after.to_string(),
            });
        }
    }
    Ok(header.bytes)
}

/// Each word once: the revision as two bytes, and the count that 2.0 and 2.1 read differently as
/// the imported file's revision does.
fn readings(minor: u8) -> Vec<&'static FieldSpec> {
    let is_of_2_1 = |field: &FieldSpec| field.since_revision == 210;
    BINARY_FIELDS
        .iter()
        .filter(|field| field.name != "segy_revision")
        .filter(|field| match field.byte {
            3507 => is_of_2_1(field) == (minor > 0),
            3509 => minor > 0,
            _ => true,
        })
        .collect()
}

/// A binary header being changed.
struct Words {
    bytes: Vec<u8>,
    order: ByteOrder,
}

impl Words {
    fn new(bytes: Vec<u8>, order: ByteOrder) -> Self {
        Self { bytes, order }
    }

    /// Sets words that say something about the rest of the file.
    fn follow(&mut self, plan: &FormPlan, facts: &Facts) {
        let n_samples = plan.n_samples();
        let revision = plan.revision;
        self.set("data_sample_format", i64::from(plan.format.code()));
        self.set(
            "samples_per_trace",
            u16::try_from(n_samples).map_or(0, i64::from),
        );
        let micros = plan.from.interval_micros;
        let whole_micros = micros
            .filter(|micros| micros.fract() == 0.0 && (1.0..=f64::from(u16::MAX)).contains(micros));
        if let Some(micros) = whole_micros {
            self.set_value("sample_interval", &HeaderValue::Float(micros));
        }
        self.set("segy_revision_major", i64::from(revision.major));
        self.set("segy_revision_minor", i64::from(revision.minor));
        if revision.major >= 1 {
            self.set("fixed_length_trace_flag", i64::from(facts.is_fixed_length));
            let declared = self.get("num_extended_text_headers");
            // −1 says that the last one tells so itself, which it still does.
            if declared != Some(-1) || facts.n_extended == 0 {
                self.set(
                    "num_extended_text_headers",
                    i64::try_from(facts.n_extended).unwrap_or(0),
                );
            }
        }
        if revision.major >= 2 {
            let wide_micros = micros.filter(|_| whole_micros.is_none());
            self.follow_in_revision_2(plan, facts, wide_micros);
        }
    }

    fn follow_in_revision_2(&mut self, plan: &FormPlan, facts: &Facts, wide_micros: Option<f64>) {
        let n_samples = plan.n_samples();
        if n_samples > u32::from(u16::MAX) || self.get("extended_samples_per_trace") != Some(0) {
            self.set("extended_samples_per_trace", i64::from(n_samples));
        }
        if let Some(micros) = wide_micros {
            self.set_value("extended_sample_interval", &HeaderValue::Float(micros));
        }
        self.set("byte_order", 0x0102_0304);
        if plan.n_additional != plan.from.n_additional || plan.revision != plan.from.revision {
            self.set("max_extended_trace_headers", 0);
            let kind = if plan.revision.minor > 0 {
                FieldKind::I16
            } else {
                FieldKind::I32
            };
            self.set_at(3507, kind, &HeaderValue::Int(i64::from(plan.n_additional)));
        }
        for (name, value) in [
            ("num_traces", facts.n_traces),
            ("byte_offset_first_trace", facts.data_start),
        ] {
            // 0 says that the file does not say.
            if self.get(name) != Some(0) {
                self.set_value(name, &HeaderValue::Uint(value));
            }
        }
        self.set("num_data_trailer_stanzas", 0);
    }

    /// Zeroes words that the revision does not have yet, where the imported file's revision had them.
    fn clear_newer_words(&mut self, plan: &FormPlan) {
        let had = u16::from(plan.from.revision.major) * 100;
        let has = u16::from(plan.revision.major) * 100;
        for field in BINARY_FIELDS {
            let century = field.since_revision / 100 * 100;
            // The revision itself was set.
            let says_so = matches!(field.byte, 3501 | 3502);
            if century > has && century <= had && !says_so {
                self.set_at(field.byte, field.kind, &HeaderValue::Int(0));
            }
        }
        if plan.revision.major == 0 {
            for field in BINARY_FIELDS
                .iter()
                .filter(|f| (3501..=3505).contains(&f.byte))
            {
                self.set_at(field.byte, field.kind, &HeaderValue::Int(0));
            }
        }
    }

    fn get(&self, name: &str) -> Option<i64> {
        let field = find_binary_field(name)?;
        let byte = field.byte_in_binary_header()?;
        field.kind.read_i64(&self.bytes, byte, self.order)
    }

    fn set(&mut self, name: &str, value: i64) {
        self.set_value(name, &HeaderValue::Int(value));
    }

    fn set_value(&mut self, name: &str, value: &HeaderValue) {
        if let Some(field) = find_binary_field(name) {
            self.set_at(field.byte, field.kind, value);
        }
    }

    fn set_at(&mut self, byte: u16, kind: FieldKind, value: &HeaderValue) {
        let written = byte
            .checked_sub(3200)
            .and_then(|byte| kind.write(&mut self.bytes, byte, self.order, value));
        debug_assert!(written.is_some(), "byte {byte}: {value}");
    }
}
