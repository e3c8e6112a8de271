//! A test kit: writes SEG-Y files of any kind, also of kinds that nobody should write.
//!
//! Independent of the library's own writer and tables on purpose (plain byte arithmetic), so that
//! both cannot be wrong in the same way.
//!
//! ```ignore
//! mod support;
//! let bytes = support::SegyBuilder::new(120, 500).format(3).little_endian().bytes();
//! ```

#![allow(dead_code, reason = "no test file uses all of the kit")]
#![allow(missing_docs, reason = "a test kit")]
#![allow(
    clippy::must_use_candidate,
    clippy::struct_excessive_bools,
    clippy::return_self_not_must_use,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::missing_panics_doc,
    unreachable_pub,
    reason = "a test kit"
)]

use std::path::{Path, PathBuf};

/// Which code the textual headers are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Text {
    Ebcdic,
    Ascii,
    /// All zero bytes.
    Empty,
}

/// How extended textual headers are announced at bytes 3505–3506.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extended {
    /// By their number.
    Declared,
    /// By −1; the last one says `((SEG: EndText))`.
    EndText,
    /// Not at all.
    Undeclared,
}

/// In which order the bytes of a word lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    Big,
    Little,
    /// Big-endian, and then the two bytes of each pair changed places: 2 1 4 3. The textual
    /// headers stay as they are.
    PairSwapped,
}

type HeaderWords = Box<dyn Fn(u64, &mut Header)>;
type Lengths = Box<dyn Fn(u64) -> usize>;
type SampleValues = Box<dyn Fn(u64, usize) -> f64>;

/// One trace header being written.
pub struct Header {
    pub bytes: [u8; 240],
    order: Order,
}

impl Header {
    /// Writes a 2-byte word at `byte` (from 1).
    pub fn i16(&mut self, byte: usize, value: i16) -> &mut Self {
        put(&mut self.bytes, byte, &value.to_be_bytes(), self.order);
        self
    }

    /// Writes a 4-byte word at `byte` (from 1).
    pub fn i32(&mut self, byte: usize, value: i32) -> &mut Self {
        put(&mut self.bytes, byte, &value.to_be_bytes(), self.order);
        self
    }
}

/// Describes a file; `bytes` or `write` makes it.
pub struct SegyBuilder {
    pub n_traces: u64,
    pub n_samples: usize,
    pub format_code: i16,
    pub order: Order,
    pub text: Text,
    pub text_lines: Vec<String>,
    pub revision: [u8; 2],
    pub interval_micros: u16,
    pub delay_millis: i16,
    pub extended_headers: Vec<String>,
    pub extended: Extended,
    pub n_additional: usize,
    /// Writes the count of additional headers as four bytes (revision 2.0) instead of two.
    pub additional_as_four_bytes: bool,
    pub trailer: Vec<u8>,
    /// Bytes of a further trace that are cut off.
    pub partial_last_trace: usize,
    /// Words written over the binary header at last: byte as printed, bytes most significant first.
    pub binary_words: Vec<(usize, Vec<u8>)>,
    /// Whether trace headers carry samples and interval.
    pub trace_words: bool,
    /// 128 bytes in front of everything, as they stood on tapes.
    pub tape_label: bool,
    /// Seismic Unix: no file headers.
    pub seismic_unix: bool,
    /// What lies between traces and belongs to none: before which trace, and the bytes.
    pub gaps: Vec<(u64, Vec<u8>)>,
    lengths: Option<Lengths>,
    header_extensions: Option<Lengths>,
    header_words: HeaderWords,
    sample_values: SampleValues,
}

impl SegyBuilder {
    /// Big-endian IBM floats, revision 1.0, EBCDIC, 4 ms; traces numbered from 1 in shots of 10.
    pub fn new(n_traces: u64, n_samples: usize) -> Self {
        Self {
            n_traces,
            n_samples,
            format_code: 1,
            order: Order::Big,
            text: Text::Ebcdic,
            text_lines: vec![
                "C 1 CLIENT NOBODY".to_owned(),
                "C 2 LINE 12 MADE BY A TEST".to_owned(),
            ],
            revision: [1, 0],
            interval_micros: 4000,
            delay_millis: 0,
            extended_headers: Vec::new(),
            extended: Extended::Declared,
            n_additional: 0,
            additional_as_four_bytes: false,
            trailer: Vec::new(),
            partial_last_trace: 0,
            binary_words: Vec::new(),
            trace_words: true,
            tape_label: false,
            seismic_unix: false,
            gaps: Vec::new(),
            lengths: None,
            header_extensions: None,
            header_words: Box::new(|_, _| {}),
            sample_values: Box::new(default_sample),
        }
    }

    pub fn format(mut self, code: i16) -> Self {
        self.format_code = code;
        self
    }

    pub fn little_endian(mut self) -> Self {
        self.order = Order::Little;
        self
    }

    pub fn byte_order(mut self, little: bool) -> Self {
        self.order = if little { Order::Little } else { Order::Big };
        self
    }

    pub fn order(mut self, order: Order) -> Self {
        self.order = order;
        self
    }

    /// Traces of varying length, as their headers say and the fixed-length flag does not deny:
    /// trace index from 0 to samples. `n_samples` stays what the binary header says.
    pub fn lengths(mut self, lengths: impl Fn(u64) -> usize + 'static) -> Self {
        self.lengths = Some(Box::new(lengths));
        self
    }

    /// Additional headers of varying number, as bytes 157–158 of the first of them say: trace index
    /// from 0 to headers, at least one. The binary header says `most`.
    pub fn header_extensions(
        mut self,
        most: usize,
        numbers: impl Fn(u64) -> usize + 'static,
    ) -> Self {
        self.n_additional = most;
        self.header_extensions = Some(Box::new(numbers));
        self
    }

    /// Puts bytes that belong to no trace before trace `before`.
    pub fn gap(mut self, before: u64, bytes: &[u8]) -> Self {
        self.gaps.push((before, bytes.to_vec()));
        self
    }

    /// Puts a tape label in front of everything.
    pub fn tape_label(mut self) -> Self {
        self.tape_label = true;
        self
    }

    /// A Seismic Unix file: traces of IEEE floats, and nothing before them.
    pub fn seismic_unix(mut self) -> Self {
        self.seismic_unix = true;
        self.format_code = 5;
        self
    }

    pub fn revision(mut self, major: u8, minor: u8) -> Self {
        self.revision = [major, minor];
        self
    }

    pub fn text(mut self, text: Text) -> Self {
        self.text = text;
        self
    }

    pub fn text_lines(mut self, lines: &[&str]) -> Self {
        self.text_lines = lines.iter().map(|&line| line.to_owned()).collect();
        self
    }

    pub fn interval_micros(mut self, micros: u16) -> Self {
        self.interval_micros = micros;
        self
    }

    pub fn delay_millis(mut self, millis: i16) -> Self {
        self.delay_millis = millis;
        self
    }

    /// Adds extended textual headers, one for each text.
    pub fn extended(mut self, extended: Extended, texts: &[&str]) -> Self {
        self.extended = extended;
        self.extended_headers = texts.iter().map(|&text| text.to_owned()).collect();
        self
    }

    pub fn additional_headers(mut self, n: usize) -> Self {
        self.n_additional = n;
        self
    }

    pub fn trailer(mut self, bytes: &[u8]) -> Self {
        self.trailer = bytes.to_vec();
        self
    }

    pub fn partial_last_trace(mut self, n_bytes: usize) -> Self {
        self.partial_last_trace = n_bytes;
        self
    }

    /// Overwrites a 2-byte word of the binary header; `byte` as printed, from 3201.
    pub fn binary_i16(self, byte: usize, value: i16) -> Self {
        self.binary_bytes(byte, &value.to_be_bytes())
    }

    /// Overwrites a 4-byte word of the binary header.
    pub fn binary_i32(self, byte: usize, value: i32) -> Self {
        self.binary_bytes(byte, &value.to_be_bytes())
    }

    /// Overwrites an 8-byte floating-point word of the binary header.
    pub fn binary_f64(self, byte: usize, value: f64) -> Self {
        self.binary_bytes(byte, &value.to_be_bytes())
    }

    /// Overwrites a word of the binary header; given most significant byte first.
    pub fn binary_bytes(mut self, byte: usize, big_endian: &[u8]) -> Self {
        self.binary_words.push((byte, big_endian.to_vec()));
        self
    }

    /// Trace headers carry neither samples nor interval, as in many files.
    pub fn without_trace_words(mut self) -> Self {
        self.trace_words = false;
        self
    }

    /// Sets further words of each trace header: (trace index from 0, header).
    pub fn header_words(mut self, words: impl Fn(u64, &mut Header) + 'static) -> Self {
        self.header_words = Box::new(words);
        self
    }

    /// Sets the samples: (trace index from 0, sample index) to value.
    pub fn samples(mut self, values: impl Fn(u64, usize) -> f64 + 'static) -> Self {
        self.sample_values = Box::new(values);
        self
    }

    pub fn sample_bytes(&self) -> usize {
        match self.format_code {
            3 | 11 => 2,
            6 | 9 | 12 => 8,
            7 | 15 => 3,
            8 | 16 => 1,
            _ => 4,
        }
    }

    /// Bytes of one trace, where all have the same length.
    pub fn stride_bytes(&self) -> usize {
        240 * (1 + self.n_additional) + self.n_samples * self.sample_bytes()
    }

    /// Samples of a trace.
    pub fn length(&self, trace_index: u64) -> usize {
        self.lengths
            .as_ref()
            .map_or(self.n_samples, |lengths| lengths(trace_index))
    }

    /// Additional headers of a trace.
    pub fn n_extensions(&self, trace_index: u64) -> usize {
        self.header_extensions
            .as_ref()
            .map_or(self.n_additional, |numbers| numbers(trace_index))
    }

    /// Position of the first trace.
    pub fn data_start(&self) -> usize {
        let label = if self.tape_label { 128 } else { 0 };
        if self.seismic_unix {
            label
        } else {
            label + 3600 + 3200 * self.extended_headers.len()
        }
    }

    /// The value of a sample before it is rounded to the format.
    pub fn value(&self, trace_index: u64, sample: usize) -> f64 {
        (self.sample_values)(trace_index, sample)
    }

    /// The value of a sample as the format holds it.
    pub fn stored_value(&self, trace_index: u64, sample: usize) -> f64 {
        let mut bytes = encode_sample(self.format_code, self.value(trace_index, sample));
        bytes.truncate(self.sample_bytes());
        decode_sample(self.format_code, &bytes)
    }

    /// The whole file.
    pub fn bytes(&self) -> Vec<u8> {
        let mut file = if self.tape_label {
            tape_label()
        } else {
            Vec::new()
        };
        if !self.seismic_unix {
            file.extend(self.file_headers());
        }
        for trace_index in 0..self.n_traces {
            for (_, bytes) in self
                .gaps
                .iter()
                .filter(|(before, _)| *before == trace_index)
            {
                file.extend(bytes);
            }
            self.append_trace(trace_index, &mut file);
        }
        if self.partial_last_trace > 0 {
            let mut trace = Vec::new();
            self.append_trace(self.n_traces, &mut trace);
            trace.truncate(self.partial_last_trace);
            file.extend(trace);
        }
        file.extend(&self.trailer);
        file
    }

    /// Writes the file into `folder` as `name`.
    pub fn write(&self, folder: &Path, name: &str) -> PathBuf {
        let path = folder.join(name);
        std::fs::write(&path, self.bytes()).expect("the test's folder is writable");
        path
    }

    /// Writes the file, and behind it a trailer of so many zero bytes that takes no room on disk.
    pub fn write_with_sparse_trailer(&self, folder: &Path, name: &str, n_bytes: u64) -> PathBuf {
        let path = self.write(folder, name);
        std::fs::OpenOptions::new()
            .write(true)
            .open(&path)
            .and_then(|file| file.set_len(file.metadata()?.len() + n_bytes))
            .expect("the test's folder holds sparse files");
        path
    }

    /// The textual, binary and extended textual headers.
    pub fn file_headers(&self) -> Vec<u8> {
        let mut file = match self.text {
            Text::Empty => vec![0; 3200],
            Text::Ebcdic | Text::Ascii => self.text_block(&cards(&self.text_lines)),
        };
        file.extend(self.binary_header());
        for text in &self.extended_headers {
            file.extend(self.text_block(text));
        }
        if self.extended == Extended::EndText {
            let end = self.text_block("((SEG: EndText))");
            let at = file.len() - 3200;
            file[at..].copy_from_slice(&end);
        }
        file
    }

    fn binary_header(&self) -> [u8; 400] {
        let mut header = [0; 400];
        let order = self.order;
        let mut word = |byte: usize, value: &[u8]| put(&mut header, byte - 3200, value, order);
        word(3213, &10_i16.to_be_bytes());
        word(3217, &self.interval_micros.to_be_bytes());
        let short = u16::try_from(self.n_samples).unwrap_or(0);
        word(3221, &short.to_be_bytes());
        word(3225, &self.format_code.to_be_bytes());
        if self.revision[0] >= 2 {
            word(3269, &(self.n_samples as i32).to_be_bytes());
            word(3297, &0x0102_0304_i32.to_be_bytes());
        }
        let is_fixed = self.lengths.is_none() && self.header_extensions.is_none();
        word(3501, &self.revision[..1]);
        word(3502, &self.revision[1..]);
        word(3503, &i16::from(is_fixed).to_be_bytes());
        let n_extended = match self.extended {
            Extended::Declared => self.extended_headers.len() as i16,
            Extended::EndText => -1,
            Extended::Undeclared => 0,
        };
        word(3505, &n_extended.to_be_bytes());
        if self.additional_as_four_bytes {
            word(3507, &(self.n_additional as i32).to_be_bytes());
        } else {
            word(3507, &(self.n_additional as i16).to_be_bytes());
        }
        for (byte, value) in &self.binary_words {
            word(*byte, value);
        }
        swap_pairs(&mut header, order);
        header
    }

    /// 3200 bytes that begin with `text`.
    fn text_block(&self, text: &str) -> Vec<u8> {
        let ascii = self.text == Text::Ascii;
        let mut block: Vec<u8> = text
            .bytes()
            .map(|c| if ascii { c } else { ebcdic(c) })
            .collect();
        block.resize(3200, if ascii { b' ' } else { 0x40 });
        block
    }

    /// Appends one trace: headers and samples.
    pub fn append_trace(&self, trace_index: u64, out: &mut Vec<u8>) {
        let mut header = Header {
            bytes: [0; 240],
            order: self.order,
        };
        let n_samples = self.length(trace_index);
        let number = trace_index as i32;
        header
            .i32(1, number + 1)
            .i32(5, number + 1)
            .i32(9, 101 + number / 10)
            .i32(13, 1 + number % 10)
            .i32(21, 1000 + number)
            .i16(29, 1)
            .i16(71, 1)
            .i16(109, self.delay_millis)
            .i32(189, 1 + number / 10)
            .i32(193, 1 + number % 10);
        if self.trace_words {
            header
                .i16(115, u16::try_from(n_samples).unwrap_or(0) as i16)
                .i16(117, self.interval_micros as i16);
        }
        (self.header_words)(trace_index, &mut header);
        let start = out.len();
        out.extend(header.bytes);
        let n_extensions = self.n_extensions(trace_index);
        for additional in 0..n_extensions {
            let mut bytes = [0; 240];
            if additional == 0 && self.header_extensions.is_some() {
                let n = (n_extensions as u16).to_be_bytes();
                put(&mut bytes, 157, &n, self.order);
            }
            put(&mut bytes, 1, &(number + 1).to_be_bytes(), self.order);
            let name = format!("SEG{:05}", additional + 1);
            put(&mut bytes, 233, name.as_bytes(), Order::Big);
            out.extend(bytes);
        }
        for sample in 0..n_samples {
            let bytes = encode_sample(self.format_code, self.value(trace_index, sample));
            out.extend(in_order(bytes, self.order));
        }
        swap_pairs(&mut out[start..], self.order);
    }
}

/// A smooth event and something that tells traces apart; within −100…100, so that every format
/// but the unsigned ones holds it (those take the absolute value).
fn default_sample(trace_index: u64, sample: usize) -> f64 {
    let t = sample as f64 / 7.0;
    let n = (trace_index % 50) as f64;
    (60.0 * (t + n / 5.0).sin() + n / 2.0).round()
}

/// 80 characters a line.
fn cards(lines: &[String]) -> String {
    let cards: Vec<String> = lines.iter().map(|line| format!("{line:80.80}")).collect();
    cards.concat()
}

/// Writes a word given most significant byte first at `byte` (from 1).
fn put(header: &mut [u8], byte: usize, big_endian: &[u8], order: Order) {
    let bytes = in_order(big_endian.to_vec(), order);
    header[byte - 1..byte - 1 + bytes.len()].copy_from_slice(&bytes);
}

/// The bytes of a word, given most significant first; pairs are swapped later, all together.
fn in_order(mut word: Vec<u8>, order: Order) -> Vec<u8> {
    if order == Order::Little {
        word.reverse();
    }
    word
}

/// Swaps the bytes of each pair, if the order is that.
fn swap_pairs(bytes: &mut [u8], order: Order) {
    if order == Order::PairSwapped {
        for pair in bytes.as_chunks_mut::<2>().0 {
            pair.swap(0, 1);
        }
    }
}

/// A tape label. (r1.0 §3.1: sequence number, revision, storage unit structure, binding edition,
/// maximum block size, producer, date, serial number, storage set)
fn tape_label() -> Vec<u8> {
    let label = format!(
        "{:>4}{}{}{}{:>10}{:<10}{}{:<12}{}{:<60}",
        1,
        "SY1.0",
        "RECORD",
        "B   ",
        0,
        "NOBODY",
        "22-NOV-2026",
        "0000001",
        " ".repeat(6),
        "SET"
    );
    assert_eq!(label.len(), 128);
    label.into_bytes()
}

/// The few characters that tests write, in EBCDIC (code page 037).
fn ebcdic(ascii: u8) -> u8 {
    match ascii {
        b'A'..=b'I' => 0xc1 + (ascii - b'A'),
        b'J'..=b'R' => 0xd1 + (ascii - b'J'),
        b'S'..=b'Z' => 0xe2 + (ascii - b'S'),
        b'a'..=b'i' => 0x81 + (ascii - b'a'),
        b'j'..=b'r' => 0x91 + (ascii - b'j'),
        b's'..=b'z' => 0xa2 + (ascii - b's'),
        b'0'..=b'9' => 0xf0 + (ascii - b'0'),
        b'(' => 0x4d,
        b')' => 0x5d,
        b':' => 0x7a,
        b'.' => 0x4b,
        b',' => 0x6b,
        b'-' => 0x60,
        b'/' => 0x61,
        b'=' => 0x7e,
        _ => 0x40,
    }
}

/// One sample, most significant byte first.
fn encode_sample(code: i16, value: f64) -> Vec<u8> {
    let unsigned = value.abs();
    match code {
        1 => ibm(value).to_be_bytes().to_vec(),
        3 => (value as i16).to_be_bytes().to_vec(),
        5 => (value as f32).to_be_bytes().to_vec(),
        6 => value.to_be_bytes().to_vec(),
        7 => (value as i32).to_be_bytes()[1..].to_vec(),
        8 => (value as i8).to_be_bytes().to_vec(),
        9 => (value as i64).to_be_bytes().to_vec(),
        10 => (unsigned as u32).to_be_bytes().to_vec(),
        11 => (unsigned as u16).to_be_bytes().to_vec(),
        12 => (unsigned as u64).to_be_bytes().to_vec(),
        15 => (unsigned as u32).to_be_bytes()[1..].to_vec(),
        16 => vec![unsigned as u8],
        _ => (value as i32).to_be_bytes().to_vec(),
    }
}

/// The value that a sample holds, most significant byte first.
fn decode_sample(code: i16, bytes: &[u8]) -> f64 {
    let bits = bytes
        .iter()
        .fold(0_u64, |bits, &b| bits << 8 | u64::from(b));
    let signed = || {
        let unused = 64 - 8 * bytes.len();
        ((bits << unused) as i64 >> unused) as f64
    };
    match code {
        1 => {
            let fraction = (bits & 0x00ff_ffff) as f64;
            let exponent = 4 * ((bits >> 24) & 0x7f) as i32 - 280;
            let sign = if bits >> 31 == 1 { -1.0 } else { 1.0 };
            sign * fraction * 2_f64.powi(exponent)
        }
        5 => f64::from(f32::from_bits(bits as u32)),
        6 => f64::from_bits(bits),
        10 | 11 | 12 | 15 | 16 => bits as f64,
        _ => signed(),
    }
}

/// The normalised IBM word of a number, truncated.
fn ibm(value: f64) -> u32 {
    if value == 0.0 {
        return 0;
    }
    let mut fraction = value.abs();
    let mut characteristic = 64;
    while fraction >= 1.0 {
        fraction /= 16.0;
        characteristic += 1;
    }
    while fraction < 1.0 / 16.0 {
        fraction *= 16.0;
        characteristic -= 1;
    }
    let sign = u32::from(value < 0.0) << 31;
    sign | characteristic << 24 | (fraction * 16_777_216.0) as u32
}
