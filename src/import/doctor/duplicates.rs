//! Which traces have a key that another trace had before? Exact, with bounded memory.
//!
//! Keys are kept as digests of 128 bits with the trace they stand in; a million of them at a time
//! are sorted and, where there are more, put aside in a temporary file, and merged at the end.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

/// Keys in memory: 32 bytes each.
const IN_MEMORY: usize = 1 << 20;
/// Bytes of a key put aside.
const RECORD: usize = 24;

/// A key's digest, and the trace.
type Entry = (u128, u64);

/// Keys as they pass by.
#[derive(Debug)]
pub(super) struct KeySorter {
    entries: Vec<Entry>,
    aside: Vec<Aside>,
    /// Keys in memory at most.
    limit: usize,
    /// A file could not be written: the result would be wrong.
    failed: bool,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Duplicates {
    pub(super) n_distinct: u64,
    /// Traces whose key an earlier trace has.
    pub(super) n_repeated: u64,
    /// The first few pairs: the repeated trace, and the first one with its key; by the trace.
    pub(super) examples: Vec<(u64, u64)>,
}

/// Sorted keys in a temporary file, which goes away with this.
#[derive(Debug)]
struct Aside {
    path: PathBuf,
}

impl Drop for Aside {
    fn drop(&mut self) {
        // A temporary file that stays is no fault of the scan.
        drop(fs::remove_file(&self.path));
    }
}

impl Default for KeySorter {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            aside: Vec::new(),
            limit: IN_MEMORY,
            failed: false,
        }
    }
}

fn digest(key: &[i64]) -> u128 {
    let half = |seed: u8| {
        let mut hasher = DefaultHasher::new();
        seed.hash(&mut hasher);
        key.hash(&mut hasher);
        u128::from(hasher.finish())
    };
    half(1) << 64 | half(2)
}

impl KeySorter {
    pub(super) fn add(&mut self, key: &[i64], trace_index: u64) {
        self.entries.push((digest(key), trace_index));
        if self.entries.len() >= self.limit && !self.failed {
            self.failed = self.put_aside().is_err();
        }
        if self.failed {
            self.entries.clear();
        }
    }

    fn put_aside(&mut self) -> io::Result<()> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        self.entries.sort_unstable();
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("shotpoint-keys-{}-{number}.tmp", std::process::id());
        let path = std::env::temp_dir().join(name);
        let file = File::create_new(&path)?;
        let aside = Aside { path };
        let mut writer = BufWriter::new(file);
        for (key, trace) in self.entries.drain(..) {
            writer.write_all(&key.to_le_bytes())?;
            writer.write_all(&trace.to_le_bytes())?;
        }
        writer.flush()?;
        self.aside.push(aside);
        Ok(())
    }

    /// `None` where keys could not be put aside.
    pub(super) fn finish(mut self, n_examples: usize) -> Option<Duplicates> {
        if self.failed {
            return None;
        }
        self.entries.sort_unstable();
        let mut sources: Vec<Source> = Vec::with_capacity(self.aside.len() + 1);
        for aside in &self.aside {
            sources.push(Source::File(BufReader::new(File::open(&aside.path).ok()?)));
        }
        sources.push(Source::Memory(self.entries.into_iter()));
        let mut heads = BinaryHeap::new();
        for (i, source) in sources.iter_mut().enumerate() {
            heads.extend(source.next().ok()?.map(|entry| Reverse((entry, i))));
        }
        let mut found = Duplicates::default();
        let mut before: Option<Entry> = None;
        let mut examples: BinaryHeap<(u64, u64)> = BinaryHeap::new();
        while let Some(Reverse(((key, trace), i))) = heads.pop() {
            heads.extend(
                sources
                    .get_mut(i)?
                    .next()
                    .ok()?
                    .map(|entry| Reverse((entry, i))),
            );
            match before {
                Some((same, first)) if same == key => {
                    found.n_repeated += 1;
                    examples.push((trace, first));
                    if examples.len() > n_examples {
                        examples.pop();
                    }
                }
                Some(_) | None => {
                    found.n_distinct += 1;
                    before = Some((key, trace));
                }
            }
        }
        found.examples = examples.into_sorted_vec();
        Some(found)
    }
}

enum Source {
    File(BufReader<File>),
    Memory(std::vec::IntoIter<Entry>),
}

impl Source {
    fn next(&mut self) -> io::Result<Option<Entry>> {
        match self {
            Self::Memory(entries) => Ok(entries.next()),
            Self::File(reader) => {
                let mut record = [0; RECORD];
                match reader.read_exact(&mut record) {
                    Ok(()) => {}
                    Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
                    Err(error) => return Err(error),
                }
                let (key, trace) = record.split_at(16);
                let key = key
                    .try_into()
                    .map(u128::from_le_bytes)
                    .map_err(io::Error::other)?;
                let trace = trace
                    .try_into()
                    .map(u64::from_le_bytes)
                    .map_err(io::Error::other)?;
                Ok(Some((key, trace)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn found(limit: usize, keys: &[[i64; 2]]) -> Duplicates {
        let mut sorter = KeySorter {
            limit,
            ..KeySorter::default()
        };
        for (trace, key) in (0..).zip(keys) {
            sorter.add(key, trace);
        }
        sorter.finish(3).unwrap()
    }

    #[test]
    fn repeated_keys_are_counted_in_memory_and_aside_alike() {
        let keys: Vec<[i64; 2]> = (0..1000).map(|i| [i * 7 % 300, i % 3]).collect();
        let all = found(usize::MAX, &keys);
        let distinct: std::collections::HashSet<_> = keys.iter().collect();
        assert_eq!(all.n_distinct, distinct.len() as u64);
        assert_eq!(all.n_distinct + all.n_repeated, 1000);
        assert_eq!(all.examples, [(300, 0), (301, 1), (302, 2)]);
        for limit in [7, 100, 999] {
            assert_eq!(found(limit, &keys), all, "limit {limit}");
        }
    }

    #[test]
    fn nothing_repeated_is_nothing_found() {
        let keys: Vec<[i64; 2]> = (0..50).map(|i| [i, -i]).collect();
        let all = found(8, &keys);
        assert_eq!(
            (all.n_distinct, all.n_repeated, all.examples.len()),
            (50, 0, 0)
        );
    }
}
