//! Where does the first trace begin in truth, when bytes in front of it were added or lost?
//!
//! ```text
//! file headers | ??? | header 0 … | header 1 … | header 2 …
//!                      └ n, dt    └ n, dt      └ n, dt       n samples apart: no accident
//! ```
//! A header shows itself by the file's own number of samples or interval (bytes 115–118), and by
//! more such headers at the distance that it says; where no header has these words, by trace numbers
//! that count up (bytes 1–4) at the distance that divides the file. Nothing is looked for where the
//! announced place shows that much: then bytes at the end, or damage, must explain the rest.

use super::coding::Coding;
use super::evidence::resemble;
use super::head::FileHead;
use super::places::Place;
use super::resync::Template;
use crate::segy::fields_trace::TRACE_HEADER_BYTES;
use crate::segy::measure::LengthRule;
use crate::segy::source::Source;
use crate::segy::{ByteOrder, FieldKind, SegyError};

const HEADER_BYTES: u64 = TRACE_HEADER_BYTES as u64;
/// Bytes behind the announced place that are searched.
const MOST_STRAY_BYTES: u64 = 1 << 20;
/// Bytes of the binary header that may be missing: its first words must be there.
const MOST_LOST_BYTES: u64 = 300;
/// Headers looked at from a place on.
const N_HEADERS: usize = 5;
/// Headers in a row that prove a place where the file goes on.
const FEWEST_HEADERS: usize = 3;

/// The position of the first trace header, where it is none of the places and can be told.
pub(super) fn first_trace(
    source: &Source,
    head: &FileHead,
    coding: &Coding,
    places: &[Place],
) -> Result<Option<u64>, SegyError> {
    let mut starts: Vec<u64> = places.iter().map(|place| place.data_start).collect();
    starts.dedup();
    let (Some(&first), Some(&last)) = (starts.iter().min(), starts.iter().max()) else {
        return Ok(None);
    };
    let lowest = first.saturating_sub(MOST_LOST_BYTES).max(head.words_end());
    let highest = last.saturating_add(MOST_STRAY_BYTES + HEADER_BYTES);
    let bytes = source.read(lowest..source.size_bytes().min(highest))?;
    for habit in habits(head, coding, places) {
        let found = habit.search(source, &bytes, lowest)?;
        for &start in &starts {
            if found.is_none_or(|found| start <= found) && habit.is_there(source, start, found)? {
                return Ok(None);
            }
        }
        if let Some(found) = found {
            if starts.contains(&found) {
                return Ok(None);
            }
            return habit.unless_in_step(source, found, &starts);
        }
    }
    for habit in habits(head, coding, places) {
        if let Some(found) = habit.numbered(source, &starts, lowest)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// The position of the first trace header behind the announced place from which enough others follow.
pub(super) fn first_behind_damage(
    source: &Source,
    head: &FileHead,
    coding: &Coding,
    places: &[Place],
) -> Result<Option<u64>, SegyError> {
    let Some(start) = places.first().map(|place| place.data_start) else {
        return Ok(None);
    };
    let lowest = start.saturating_add(HEADER_BYTES).min(source.size_bytes());
    let highest = source.size_bytes().min(lowest + MOST_STRAY_BYTES);
    let bytes = source.read(lowest..highest)?;
    for habit in habits(head, coding, places) {
        for (i, header) in bytes.windows(TRACE_HEADER_BYTES).enumerate() {
            let position = lowest + i as u64;
            if habit.facts(header) > 0 && habit.n_following(source, position)?.0 == N_HEADERS {
                return Ok(Some(position));
            }
        }
    }
    Ok(None)
}

/// What trace headers of this file should hold.
struct Habit {
    order: ByteOrder,
    n_samples: u32,
    /// Bytes 3217–3218; 0 where there is none.
    interval: u16,
    headers_bytes: u64,
    sample_bytes: u64,
}

/// One for each number of samples and of additional headers that words name.
fn habits(head: &FileHead, coding: &Coding, places: &[Place]) -> Vec<Habit> {
    let order = coding.byte_order.value;
    let word = head.int(FieldKind::U16, 3217, order);
    let mut known = Vec::new();
    let mut habits = Vec::new();
    for place in places {
        let kind = (place.n_samples, place.n_additional);
        if place.n_samples == 0 || known.contains(&kind) {
            continue;
        }
        known.push(kind);
        habits.push(Habit {
            order,
            n_samples: place.n_samples,
            interval: u16::try_from(word).unwrap_or(0),
            headers_bytes: HEADER_BYTES * (1 + u64::from(place.n_additional)),
            sample_bytes: coding.format.value.size_bytes() as u64,
        });
    }
    habits
}

impl Habit {
    fn word(&self, header: &[u8], byte: u16) -> u16 {
        let word = FieldKind::U16.read_i64(header, byte, self.order);
        word.and_then(|word| u16::try_from(word).ok()).unwrap_or(0)
    }

    /// How much a header is one of this file: 1 for each of the two words that fit.
    fn facts(&self, header: &[u8]) -> usize {
        let (n_samples, interval) = (self.word(header, 115), self.word(header, 117));
        let counts = n_samples != 0 && u32::from(n_samples) == self.n_samples;
        let steps = interval != 0 && interval == self.interval;
        usize::from(counts) + usize::from(steps)
    }

    fn trace_bytes(&self, n_samples: u32) -> u64 {
        self.headers_bytes + u64::from(n_samples) * self.sample_bytes
    }

    /// All facts of the headers that follow each other from `start` on, where they prove it.
    fn proof(&self, source: &Source, start: u64) -> Result<Option<usize>, SegyError> {
        let (n_headers, n_facts, is_complete) = self.n_following(source, start)?;
        // A single trace has nobody to confirm it but both words and the file's end.
        let is_proven = n_headers >= FEWEST_HEADERS
            || is_complete && (n_headers == 2 || n_headers == 1 && n_facts == 2);
        Ok(is_proven.then_some(n_facts))
    }

    /// Headers that follow each other from `start` on, at most [`N_HEADERS`], their facts, and
    /// whether the last of them ends where the file does.
    fn n_following(&self, source: &Source, start: u64) -> Result<(usize, usize, bool), SegyError> {
        let size_bytes = source.size_bytes();
        let (mut position, mut n_headers, mut n_facts) = (start, 0, 0);
        let mut is_complete = false;
        while n_headers < N_HEADERS {
            let Some(header) = header_at(source, position)? else {
                is_complete = position == size_bytes;
                break;
            };
            let facts = self.facts(&header);
            if facts == 0 {
                break;
            }
            n_headers += 1;
            n_facts += facts;
            position += self.step(source, position, &header)?;
        }
        Ok((n_headers, n_facts, is_complete))
    }

    fn rule(&self) -> LengthRule {
        LengthRule::Fixed {
            n_samples: self.n_samples,
        }
    }

    /// Whether a header of this file lies at an announced place, even if the next one was displaced:
    /// both words are no accident. One that was hit behind these words is of no use to find the
    /// others by.
    fn is_there(&self, source: &Source, start: u64, found: Option<u64>) -> Result<bool, SegyError> {
        /// From the first that was found on: it may be the one that was hit.
        const N_COMPARED: u64 = 3;
        let Some(header) = header_at(source, start)?.filter(|header| self.facts(header) == 2)
        else {
            return Ok(false);
        };
        let template = Template::new(std::slice::from_ref(&header), self.rule());
        let (Some(found), Some(template)) = (found, template) else {
            return Ok(true);
        };
        let stride = self.trace_bytes(self.n_samples);
        for i in 0..N_COMPARED {
            let other = header_at(source, found.saturating_add(i * stride))?;
            if other.is_some_and(|other| template.matches(&other)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Bytes to the next header: as many as the file's number of samples takes, or the header's own.
    fn step(&self, source: &Source, position: u64, header: &[u8]) -> Result<u64, SegyError> {
        let usual = self.trace_bytes(self.n_samples);
        let own = match self.word(header, 115) {
            0 => usual,
            n_samples => self.trace_bytes(u32::from(n_samples)),
        };
        if own == usual {
            return Ok(usual);
        }
        let leads_on = position + own == source.size_bytes()
            || header_at(source, position + own)?.is_some_and(|next| self.facts(&next) > 0);
        Ok(if leads_on { own } else { usual })
    }

    /// The first place of `bytes`, which lie at `lowest`, from which headers follow each other.
    fn search(&self, source: &Source, bytes: &[u8], lowest: u64) -> Result<Option<u64>, SegyError> {
        for (i, header) in bytes.windows(TRACE_HEADER_BYTES).enumerate() {
            let position = lowest + i as u64;
            if self.facts(header) == 0 {
                continue;
            }
            let Some(n_facts) = self.proof(source, position)? else {
                continue;
            };
            // A number of samples that equals the interval fits two bytes too early or too late.
            let mut best = (n_facts, position);
            for later in position + 1..=position + 2 {
                if let Some(n_facts) = self.proof(source, later)?
                    && n_facts > best.0
                {
                    best = (n_facts, later);
                }
            }
            return self.unless_hit(source, best.1).map(Some);
        }
        Ok(None)
    }

    /// `found`, or the header behind it where its number does not go before those that follow: then
    /// its beginning was cut off.
    fn unless_hit(&self, source: &Source, found: u64) -> Result<u64, SegyError> {
        let mut position = found;
        let mut numbers = Vec::new();
        let mut second = found;
        for i in 0..3 {
            let Some(header) = header_at(source, position)? else {
                return Ok(found);
            };
            if i == 1 {
                second = position;
            }
            numbers.push(FieldKind::I32.read_i64(&header, 1, self.order).unwrap_or(0));
            position += self.step(source, position, &header)?;
        }
        Ok(match numbers.as_slice() {
            [first, b, c] if *c == b + 1 && *first != b - 1 => second,
            _ => found,
        })
    }

    /// `found`, unless it is a later trace of a place whose first headers merely lack the words.
    fn unless_in_step(
        &self,
        source: &Source,
        found: u64,
        starts: &[u64],
    ) -> Result<Option<u64>, SegyError> {
        let stride = self.trace_bytes(self.n_samples);
        let Some(sample) = header_at(source, found)? else {
            return Ok(None);
        };
        for &start in starts {
            let Some(distance) = found.checked_sub(start) else {
                continue;
            };
            if !distance.is_multiple_of(stride) {
                continue;
            }
            let mut position = start;
            while position < found {
                let header = header_at(source, position)?.unwrap_or_default();
                if resemble(&sample, &header) != Some(false) {
                    return Ok((position > start).then_some(position));
                }
                position += stride;
            }
        }
        Ok(Some(found))
    }

    /// The first place at which numbers count up, more of them than at the announced places, at a
    /// distance that divides the file.
    fn numbered(
        &self,
        source: &Source,
        starts: &[u64],
        lowest: u64,
    ) -> Result<Option<u64>, SegyError> {
        let stride = self.trace_bytes(self.n_samples);
        let mut most = 0;
        for &start in starts {
            most = most.max(self.n_counting(source, start)?);
        }
        let mut position = lowest + (source.size_bytes() - lowest) % stride;
        let end = source.size_bytes().min(position + MOST_STRAY_BYTES);
        while position < end {
            if self.n_counting(source, position)? > most {
                return Ok((!starts.contains(&position)).then_some(position));
            }
            position += stride;
        }
        Ok(None)
    }

    /// Words that count up by one from header to header, from `start` on; 0 where the first word,
    /// the number of the trace, is none of them, or the headers do not look alike.
    fn n_counting(&self, source: &Source, start: u64) -> Result<usize, SegyError> {
        const COUNTING_BYTES: [u16; 7] = [1, 5, 9, 13, 17, 21, 25];
        let stride = self.trace_bytes(self.n_samples);
        let mut headers = Vec::new();
        for i in 0..N_HEADERS as u64 {
            let Some(header) = header_at(source, start + i * stride)? else {
                return Ok(0);
            };
            headers.push(header);
        }
        let counts = |byte: u16| {
            let number = |header: &Vec<u8>| FieldKind::I32.read_i64(header, byte, self.order);
            headers.windows(2).all(|pair| match pair {
                [a, b] => number(b) == number(a).map(|a| a + 1) && number(a) >= Some(0),
                _ => false,
            })
        };
        let look_alike = headers
            .windows(2)
            .all(|pair| matches!(pair, [a, b] if resemble(a, b) == Some(true)));
        if !counts(1) || !look_alike {
            return Ok(0);
        }
        Ok(COUNTING_BYTES.iter().filter(|&&byte| counts(byte)).count())
    }
}

/// The 240 bytes at `position`; `None` where the file ends before.
fn header_at(source: &Source, position: u64) -> Result<Option<Vec<u8>>, SegyError> {
    let end = position.saturating_add(HEADER_BYTES);
    if end > source.size_bytes() {
        return Ok(None);
    }
    source.read(position..end).map(Some)
}
