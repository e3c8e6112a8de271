//! The sound datasets that are damaged.

use std::fs;
use std::path::{Path, PathBuf};

use shotpoint::import::{ImportOptions, ImportReport};

use crate::made_files::{MadeFile, by_keys, imported};

pub(crate) const N_TRACES: u32 = 96;
pub(crate) const N_SAMPLES: u32 = 40;
pub(crate) const STRIDE: usize = 240 + 4 * N_SAMPLES as usize;

/// A dataset, and the file that it was made from.
pub(crate) struct Sound {
    pub(crate) path: PathBuf,
    pub(crate) source: Vec<u8>,
    /// Where each trace begins in the file.
    pub(crate) starts: Vec<usize>,
}

fn trace_starts(first: usize) -> Vec<usize> {
    (0..N_TRACES as usize)
        .map(|trace| first + trace * STRIDE)
        .collect()
}

/// Chunks of eight traces, in one shard; ten traces an ensemble.
fn chunked(folder: &Path, file: &Path) -> ImportReport {
    let options = ImportOptions {
        chunk_traces: Some(8),
        threads: Some(1),
        output: Some(folder.join("sound.shotpoint")),
        ..ImportOptions::default()
    };
    imported(file, &by_keys(&["ffid"]), &options)
}

impl Sound {
    /// A trailer, and nothing odd.
    pub(crate) fn plain(folder: &Path) -> Self {
        let made = MadeFile {
            n_traces: N_TRACES,
            n_samples: N_SAMPLES,
            trailer: b"behind the last trace".to_vec(),
            ..MadeFile::default()
        };
        let file = made.write(folder);
        Self {
            path: chunked(folder, &file).dataset,
            source: fs::read(&file).unwrap(),
            starts: trace_starts(3600),
        }
    }

    /// Forty bytes between traces 49 and 50, an extended textual header, IBM words that no float
    /// gives back.
    pub(crate) fn odd(folder: &Path) -> Self {
        const GAP: [u8; 40] = [7; 40];
        let made = MadeFile {
            n_traces: N_TRACES,
            n_samples: N_SAMPLES,
            n_extended: 1,
            ..MadeFile::default()
        };
        let mut source = made.bytes();
        let mut starts = trace_starts(6800);
        for trace in [20, 21, 77] {
            let sample = starts[trace] + 240 + 4 * 5;
            source[sample..sample + 4].copy_from_slice(&0x4200_0123_u32.to_be_bytes());
        }
        source.splice(starts[50]..starts[50], GAP);
        for start in &mut starts[50..] {
            *start += GAP.len();
        }
        let file = folder.join("odd.sgy");
        fs::write(&file, &source).unwrap();
        Self {
            path: chunked(folder, &file).dataset,
            source,
            starts,
        }
    }

    /// The bytes of the traces of a file like the source.
    pub(crate) fn traces(&self, file: &[u8]) -> Vec<Vec<u8>> {
        let trace = |start: &usize| file[*start..start + STRIDE].to_vec();
        self.starts.iter().map(trace).collect()
    }
}
