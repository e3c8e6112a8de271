//! How are more records sorted than memory should hold?
//!
//! ```text
//! push … push ─full─► sorted run ─► spill file        finish: all in memory, or runs merged from the file
//! ```
//! Records are a few numbers each, compared from the left; memory stays under [`MEMORY_BYTES`].

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Of one sorter, sorting or merging: a million traces without touching the disk.
pub(super) const MEMORY_BYTES: usize = 64 << 20;

/// Sorting holds the records twice, and where each of them is.
const HELD: usize = 3;

/// Takes records in any order.
pub(super) struct Sorter {
    width: usize,
    limit_numbers: usize,
    numbers: Vec<u64>,
    spill: Spill,
}

/// Sorted runs of records in a file that goes away with this value.
struct Spill {
    path: PathBuf,
    file: Option<File>,
    bytes: u64,
    runs: Vec<Range<u64>>,
}

/// Gives records in order.
pub(super) struct Sorted {
    width: usize,
    source: Source,
}

enum Source {
    Memory { numbers: Vec<u64>, next: usize },
    Merge(Merge),
}

struct Merge {
    spill: Spill,
    runs: Vec<Run>,
    /// The next record of each run that has one, and the run.
    heads: BinaryHeap<Reverse<(Vec<u64>, usize)>>,
}

struct Run {
    left: Range<u64>,
    buffer: VecDeque<u64>,
    buffer_numbers: usize,
}

impl Sorter {
    /// For records of `width` numbers; what memory does not hold goes to `spill`, which must not exist.
    pub(super) fn new(width: usize, spill: &Path, memory_bytes: usize) -> Self {
        let width = width.max(1);
        let records = (memory_bytes / (8 * width * HELD)).max(2);
        Self {
            width,
            limit_numbers: records * width,
            numbers: Vec::new(),
            spill: Spill {
                path: spill.to_owned(),
                file: None,
                bytes: 0,
                runs: Vec::new(),
            },
        }
    }

    /// Takes a record of as many numbers as promised.
    pub(super) fn push(&mut self, record: &[u64]) -> io::Result<()> {
        debug_assert_eq!(record.len(), self.width);
        self.numbers.extend_from_slice(record);
        if self.numbers.len() >= self.limit_numbers {
            self.sort();
            self.spill.append(&self.numbers)?;
            self.numbers.clear();
        }
        Ok(())
    }

    /// All records that were taken, in order.
    pub(super) fn finish(mut self) -> io::Result<Sorted> {
        self.sort();
        let width = self.width;
        if self.spill.runs.is_empty() {
            let (numbers, next) = (self.numbers, 0);
            let source = Source::Memory { numbers, next };
            return Ok(Sorted { width, source });
        }
        if !self.numbers.is_empty() {
            self.spill.append(&self.numbers)?;
        }
        let per_run = self.limit_numbers / width / self.spill.runs.len();
        let buffer_numbers = per_run.max(1024) * width;
        drop(self.numbers);
        let merge = Merge::new(self.spill, width, buffer_numbers)?;
        let source = Source::Merge(merge);
        Ok(Sorted { width, source })
    }

    fn sort(&mut self) {
        let mut records: Vec<&[u64]> = self.numbers.chunks_exact(self.width).collect();
        records.sort_unstable();
        self.numbers = records.concat();
    }
}

impl Sorted {
    /// The next record, or nothing.
    pub(super) fn next(&mut self) -> io::Result<Option<Vec<u64>>> {
        match &mut self.source {
            Source::Memory { numbers, next } => {
                let record = numbers.get(*next..*next + self.width);
                *next += self.width;
                Ok(record.map(<[u64]>::to_vec))
            }
            Source::Merge(merge) => merge.next(self.width),
        }
    }
}

impl Merge {
    fn new(mut spill: Spill, width: usize, buffer_numbers: usize) -> io::Result<Self> {
        let runs = std::mem::take(&mut spill.runs);
        let runs = runs.into_iter().map(|left| Run {
            left,
            buffer: VecDeque::new(),
            buffer_numbers,
        });
        let mut merge = Self {
            spill,
            runs: runs.collect(),
            heads: BinaryHeap::new(),
        };
        for run in 0..merge.runs.len() {
            merge.advance(run, width)?;
        }
        Ok(merge)
    }

    fn next(&mut self, width: usize) -> io::Result<Option<Vec<u64>>> {
        let Some(Reverse((record, run))) = self.heads.pop() else {
            return Ok(None);
        };
        self.advance(run, width)?;
        Ok(Some(record))
    }

    /// Puts the next record of `run` among the heads.
    fn advance(&mut self, run: usize, width: usize) -> io::Result<()> {
        let Some(from) = self.runs.get_mut(run) else {
            return Ok(());
        };
        if from.buffer.is_empty() {
            self.spill.fill(from)?;
        }
        if from.buffer.len() >= width {
            let record = from.buffer.drain(..width).collect();
            self.heads.push(Reverse((record, run)));
        }
        Ok(())
    }
}

impl Spill {
    fn append(&mut self, numbers: &[u64]) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            none => {
                let mut options = OpenOptions::new();
                let file = options.read(true).write(true).create_new(true);
                none.insert(file.open(&self.path)?)
            }
        };
        let bytes: &[u8] = bytemuck::cast_slice(numbers);
        file.seek(SeekFrom::Start(self.bytes))?;
        file.write_all(bytes)?;
        let end = self.bytes + bytes.len() as u64;
        self.runs.push(self.bytes..end);
        self.bytes = end;
        Ok(())
    }

    /// Refills the buffer of a run, which is empty.
    fn fill(&mut self, run: &mut Run) -> io::Result<()> {
        let left = usize::try_from((run.left.end - run.left.start) / 8).unwrap_or(usize::MAX);
        let mut numbers = vec![0_u64; left.min(run.buffer_numbers)];
        let Some(file) = &mut self.file else {
            return Ok(());
        };
        file.seek(SeekFrom::Start(run.left.start))?;
        file.read_exact(bytemuck::cast_slice_mut(&mut numbers))?;
        run.left.start += numbers.len() as u64 * 8;
        run.buffer = numbers.into();
        Ok(())
    }
}

impl Drop for Spill {
    fn drop(&mut self) {
        if self.file.take().is_some() {
            // Nobody can do more about a file that will not go.
            drop(fs::remove_file(&self.path));
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    fn sorted(records: &[[u64; 2]], memory_bytes: usize) -> Vec<[u64; 2]> {
        let folder = tempfile::tempdir().unwrap();
        let mut sorter = Sorter::new(2, &folder.path().join("spill"), memory_bytes);
        for record in records {
            sorter.push(record).unwrap();
        }
        let mut sorted = sorter.finish().unwrap();
        let mut out = Vec::new();
        while let Some(record) = sorted.next().unwrap() {
            out.push([record[0], record[1]]);
        }
        drop(sorted);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        out
    }

    #[test]
    fn a_long_list_in_little_memory_comes_out_in_order() {
        let records: Vec<[u64; 2]> = (0..20_000_u64)
            .map(|i| [i.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 52, i])
            .collect();
        let mut expected = records.clone();
        expected.sort_unstable();
        assert_eq!(sorted(&records, 16 * 700), expected);
        assert_eq!(sorted(&records, 1 << 20), expected);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn runs_in_a_file_equal_sorting_in_memory(
            records in prop::collection::vec([0_u64..20, 0..u64::MAX], 0..200),
            memory in 0_usize..2000,
        ) {
            let mut expected = records.clone();
            expected.sort_unstable();
            prop_assert_eq!(sorted(&records, memory), expected);
        }
    }
}
