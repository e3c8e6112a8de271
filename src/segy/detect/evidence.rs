//! Does the file bear a candidate out? By its size, and by the trace headers that should lie there.
//!
//! At the right stride, headers resemble the first one: words that are zero there are mostly zero
//! here, words that are used there are mostly used here. At a wrong stride one compares a header
//! with samples, which resemble nothing.

use super::places::Place;
use super::resync;
use crate::segy::fields_trace::TRACE_HEADER_BYTES;
use crate::segy::source::Source;
use crate::segy::text::looks_like_text;
use crate::segy::{SampleFormat, SegyError};

const HEADER_BYTES: u64 = TRACE_HEADER_BYTES as u64;

/// What the trace headers looked at say about a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Headers {
    /// They resemble the first one.
    Agree,
    /// There is only one, or they are blank.
    Silent,
    /// They do not resemble the first one.
    Disagree,
    /// The first one is text: there are no traces here.
    Text,
}

/// A place with a format: positions can be told.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grid {
    pub(super) data_start: u64,
    pub(super) stride_bytes: u64,
    /// Whole traces up to the end of the file.
    pub(super) n_traces: u64,
    /// Bytes behind them.
    pub(super) rest_bytes: u64,
}

impl Grid {
    pub(super) fn new(place: &Place, format: SampleFormat, size_bytes: u64) -> Self {
        let headers_bytes = HEADER_BYTES * (1 + u64::from(place.n_additional));
        let stride_bytes = headers_bytes + u64::from(place.n_samples) * format.size_bytes() as u64;
        let data_bytes = size_bytes.saturating_sub(place.data_start);
        Self {
            data_start: place.data_start,
            stride_bytes,
            n_traces: data_bytes / stride_bytes,
            rest_bytes: data_bytes % stride_bytes,
        }
    }

    pub(super) fn position_of(&self, trace_index: u64) -> u64 {
        self.data_start + trace_index * self.stride_bytes
    }
}

/// Reads trace headers and compares them with the first.
#[derive(Debug)]
pub(super) struct Witness<'a> {
    source: &'a Source,
    first: Vec<u8>,
}

impl<'a> Witness<'a> {
    /// The first header is read from `data_start`, where the file has at least one.
    pub(super) fn new(source: &'a Source, data_start: u64) -> Result<Self, SegyError> {
        Ok(Self {
            source,
            first: source.read(data_start..data_start + HEADER_BYTES)?,
        })
    }

    /// What a few headers along the grid say.
    pub(super) fn judge(&self, grid: &Grid) -> Result<Headers, SegyError> {
        if is_written_text(&self.first) {
            return Ok(Headers::Text);
        }
        let (mut n_agree, mut n_disagree) = (0, 0);
        let is_first_blank = is_blank(&self.first) && grid.rest_bytes != 0;
        let n = grid.n_traces;
        let mut looked_at = 0;
        for trace_index in [1, 2, 3, n / 4, n / 2, n / 4 * 3, n.saturating_sub(1)] {
            if trace_index <= looked_at || trace_index >= n {
                continue;
            }
            looked_at = trace_index;
            match self.resembles_first(grid.position_of(trace_index))? {
                Some(true) => n_agree += 1,
                Some(false) => n_disagree += 1,
                // Where neither size nor first header speak for the place, others must not either.
                None if is_first_blank => {
                    let position = grid.position_of(trace_index);
                    let header = self.source.read(position..position + HEADER_BYTES)?;
                    n_disagree += usize::from(!is_blank(&header));
                }
                None => {}
            }
        }
        Ok(if n_disagree > n_agree {
            Headers::Disagree
        } else if n_agree > 0 {
            Headers::Agree
        } else {
            Headers::Silent
        })
    }

    /// Whether a header like the first one lies at each of the next places: blank ones say nothing.
    pub(super) fn all_follow(&self, grid: &Grid) -> Result<bool, SegyError> {
        const N_LOOKS: u64 = 3;
        for trace_index in 1..=N_LOOKS {
            let is_there = trace_index < grid.n_traces
                && self.resembles_first(grid.position_of(trace_index))? == Some(true);
            if !is_there {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whole traces without those at the end that are nothing but zeros, where the file ends so: what
    /// fills a file up is no trace.
    pub(super) fn traces_before_zeros(&self, grid: &Grid) -> Result<u64, SegyError> {
        /// More would be a part of the file that someone should look at.
        const MOST: u64 = 65_536;

        let is_zero = |start: u64, n_bytes: u64| {
            let end = self.source.size_bytes().min(start + n_bytes);
            let bytes = self.source.read(start..end)?;
            Ok::<bool, SegyError>(bytes.iter().all(|&byte| byte == 0))
        };
        let rest = grid.position_of(grid.n_traces);
        if is_blank(&self.first) || !is_zero(rest, MOST)? {
            return Ok(grid.n_traces);
        }
        let mut n_traces = grid.n_traces;
        let fewest = grid.n_traces.saturating_sub(MOST).max(1);
        while n_traces > fewest && is_zero(grid.position_of(n_traces - 1), HEADER_BYTES)? {
            n_traces -= 1;
        }
        let first_blank = grid.position_of(n_traces);
        Ok(if is_zero(first_blank, grid.stride_bytes.min(MOST))? {
            n_traces
        } else {
            grid.n_traces
        })
    }

    /// The first trace whose header does not resemble the first one, by halving: right where all
    /// behind it are displaced too. `None` where the headers looked at are fine.
    ///
    /// Looks at headers behind trace `checked`: a few near it, some spread over all, the last one.
    pub(super) fn first_displaced(
        &self,
        grid: &Grid,
        checked: u64,
    ) -> Result<Option<u64>, SegyError> {
        /// Spread over the whole grid.
        const N_LOOKS: u64 = 16;

        let marks = resync::marks(&self.first);
        let is_displaced = |trace_index: u64| {
            let position = grid.position_of(trace_index);
            let lacks_marks = || self.lacks_marks(&marks, position);
            Ok::<bool, SegyError>(match self.resembles_first(position)? {
                Some(true) => lacks_marks()?,
                Some(false) => true,
                // A dead trace may have a blank header; but where the size does not fit, it may as
                // well be the muted beginning of samples.
                None => grid.rest_bytes != 0 && !is_blank(&self.first),
            })
        };
        let last = grid.n_traces.saturating_sub(1);
        let spread = (1..=N_LOOKS).map(|i| {
            let part = u128::from(last - checked.min(last)) * u128::from(i) / u128::from(N_LOOKS);
            checked + u64::try_from(part).unwrap_or(0)
        });
        let looks = (1..=3).map(|near| checked + near).chain(spread);
        let mut looks: Vec<u64> = looks.filter(|&i| i > checked && i <= last).collect();
        looks.sort_unstable();
        looks.dedup();
        let (mut good, mut displaced) = (checked, None);
        for trace_index in looks {
            if is_displaced(trace_index)? {
                displaced = Some(trace_index);
                break;
            }
            good = trace_index;
        }
        let Some(mut displaced) = displaced else {
            // The header of a last trace that the file's end cuts off.
            let is_cut = grid.rest_bytes >= HEADER_BYTES && grid.n_traces > 0;
            let is_there = || {
                let position = grid.position_of(grid.n_traces);
                Ok::<bool, SegyError>(self.resembles_first(position)?.is_some())
            };
            let is_displaced = is_cut && is_there()? && is_displaced(grid.n_traces)?;
            return Ok(is_displaced.then_some(grid.n_traces));
        };
        while displaced - good > 1 {
            let middle = good + (displaced - good) / 2;
            if is_displaced(middle)? {
                displaced = middle;
            } else {
                good = middle;
            }
        }
        Ok(Some(displaced))
    }

    /// Whether trace `first` and all behind it are none: a few, of which no header is like the first one.
    pub(super) fn is_alien_from(&self, grid: &Grid, first: u64) -> Result<bool, SegyError> {
        /// More are a part of the file that someone should look at.
        const MOST: u64 = 64;
        let is_end = first > grid.n_traces / 2 && first < grid.n_traces;
        if !is_end || grid.n_traces - first > MOST {
            return Ok(false);
        }
        for trace_index in first..grid.n_traces {
            if self.resembles_first(grid.position_of(trace_index))? != Some(false) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether most of the bytes that headers share are missing here.
    fn lacks_marks(&self, marks: &[usize], position: u64) -> Result<bool, SegyError> {
        /// Fewer say nothing.
        const FEWEST: usize = 4;
        let header = self.source.read(position..position + HEADER_BYTES)?;
        let n_same = marks
            .iter()
            .filter(|&&i| header.get(i) == self.first.get(i))
            .count();
        Ok(marks.len() >= FEWEST && n_same * 2 < marks.len())
    }

    /// Whether the header at `position` resembles the first; `None` where it is silent: blank,
    /// or cut off by the end of the file.
    pub(super) fn resembles_first(&self, position: u64) -> Result<Option<bool>, SegyError> {
        if position + HEADER_BYTES > self.source.size_bytes() {
            return Ok(None);
        }
        let header = self.source.read(position..position + HEADER_BYTES)?;
        Ok(resemble(&self.first, &header))
    }

    /// Whether there is nothing in the first header.
    pub(super) fn is_first_blank(&self) -> bool {
        is_blank(&self.first)
    }

    /// Whether what lies at `position` may be the beginning of a trace that the file's end cuts off.
    pub(super) fn may_begin_trace(&self, position: u64) -> Result<bool, SegyError> {
        /// Of the beginning of a header: less says nothing.
        const FEWEST_BYTES: u64 = 20;

        let end = self.source.size_bytes().min(position + HEADER_BYTES);
        if end < position + FEWEST_BYTES {
            return Ok(false);
        }
        let part = self.source.read(position..end)?;
        let of_first = &self.first[..part.len().min(self.first.len())];
        Ok(resemble(of_first, &part).unwrap_or(true))
    }
}

/// Whether a header is words in a row: no number in it, few zeros, at least one letter.
pub(super) fn is_written_text(header: &[u8]) -> bool {
    let n_zeros = header
        .iter()
        .map(|&byte| usize::from(byte == 0))
        .sum::<usize>();
    n_zeros * 2 < header.len() && !is_blank(header) && looks_like_text(header)
}

/// Whether there is nothing in it: zeros, or blanks of either code.
fn is_blank(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| matches!(byte, 0 | 0x20 | 0x40))
}

/// Whether two headers (or the beginnings of two) look alike; `None` where one is blank.
pub(super) fn resemble(first: &[u8], other: &[u8]) -> Option<bool> {
    let is_zero = |bytes: &[u8]| bytes.iter().all(|&byte| byte == 0);
    if is_blank(first) || is_blank(other) {
        return None;
    }
    // The same number of samples and the same interval: no accident.
    let facts = |header: &[u8]| header.get(114..118).map(<[u8]>::to_vec);
    let used = |facts: &[u8]| !is_zero(&facts[..2]) && !is_zero(&facts[2..]);
    if let (Some(a), Some(b)) = (facts(first), facts(other))
        && a == b
        && used(&a)
    {
        return Some(true);
    }
    let words = || {
        first
            .as_chunks::<2>()
            .0
            .iter()
            .zip(other.as_chunks::<2>().0)
    };
    let n_words = words().count();
    let n_same_pattern = words().filter(|(a, b)| is_zero(*a) == is_zero(*b)).count();
    let n_used = words().filter(|(a, _)| !is_zero(*a)).count();
    let n_used_in_both = words()
        .filter(|(a, b)| !is_zero(*a) && !is_zero(*b))
        .count();
    let alike = n_same_pattern * 4 >= n_words * 3 && n_used_in_both * 2 >= n_used;
    Some(alike && !is_shifted(first, other))
}

/// Whether `other` is more like `first` when it is moved by a few bytes: then it is a header, but
/// not here. (Two-byte words hide a shift by one.)
fn is_shifted(first: &[u8], other: &[u8]) -> bool {
    const FARTHEST: usize = 3;
    /// Equal bytes that are not zero, by which another place must be better.
    const CLEARLY: usize = 2;

    let n_equal = |a: &[u8], b: &[u8]| a.iter().zip(b).filter(|(a, b)| a == b && **a != 0).count();
    let here = n_equal(first, other);
    (1..=FARTHEST).any(|shift| {
        let later = n_equal(first, other.get(shift..).unwrap_or_default());
        let earlier = n_equal(first.get(shift..).unwrap_or_default(), other);
        later.max(earlier) >= here + CLEARLY
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(words: &[(usize, u16)]) -> Vec<u8> {
        let mut header = vec![0; TRACE_HEADER_BYTES];
        for &(byte, value) in words {
            header[byte - 1..=byte].copy_from_slice(&value.to_be_bytes());
        }
        header
    }

    #[test]
    fn headers_resemble_each_other_and_samples_do_not() {
        let first = header(&[(3, 1), (11, 7), (15, 1), (29, 1), (71, 1), (189, 3)]);
        let second = header(&[(3, 2), (11, 7), (15, 2), (29, 1), (71, 1), (189, 4)]);
        let samples: Vec<u8> = (0..240_u32)
            .flat_map(|i| (i * 3_000_017).to_be_bytes())
            .collect();
        assert_eq!(resemble(&first, &second), Some(true));
        assert_eq!(resemble(&first, &samples[..240]), Some(false));
        assert_eq!(resemble(&first, &[0; 240]), None);
    }

    #[test]
    fn the_same_samples_and_interval_are_enough() {
        let full: Vec<u16> = (1..=120).collect();
        let words: Vec<(usize, u16)> = full.iter().map(|&w| (2 * usize::from(w) - 1, w)).collect();
        let sparse = header(&[(115, 58), (117, 59)]);
        assert_eq!(resemble(&header(&words), &sparse), Some(true));
    }
}
