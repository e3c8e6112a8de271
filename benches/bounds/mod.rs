//! How fast could this machine do the parts of an import, each alone? For ratios in one run.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use sha2::{Digest as _, Sha256};
use shotpoint::dataset::ChunkEncoder;
use shotpoint::import::ImportPlan;
use shotpoint::samples::Samples;
use shotpoint::segy::{LayoutOverrides, SegyFile, decode};
use zarrs::array::codec::bytes_to_bytes::blosc::{
    BloscCompressor, BloscShuffleMode, blosc_compress_bytes,
};

/// What a task gave, its seconds, and the processor's seconds of all its threads.
pub(crate) fn timed<T>(task: impl FnOnce() -> T) -> (T, f64, f64) {
    let (started, cpu) = (Instant::now(), process_cpu_secs());
    let result = task();
    (
        result,
        started.elapsed().as_secs_f64(),
        process_cpu_secs() - cpu,
    )
}

/// User and system time of this process, in ticks of 10 ms; 0 where the system has no such file.
fn process_cpu_secs() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let behind_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks = behind_name.split_whitespace().skip(11).take(2);
    ticks
        .filter_map(|ticks| ticks.parse::<f64>().ok())
        .sum::<f64>()
        / 100.0
}

/// What compressing took, in seconds, also of all threads' processors; and what it made.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Encoded {
    pub(crate) secs: f64,
    pub(crate) cpu_secs: f64,
    pub(crate) bytes: f64,
}

/// Bound (a): compresses all chunks of the file, decoded beforehand, group by group, on all threads.
/// Of whoever takes long over it, the rest is taken to go on like what was done.
pub(crate) fn encode_alone(path: &Path, plan: &ImportPlan, encode: &Encode) -> Encoded {
    const ENOUGH_SECS: f64 = 10.0;
    let file = SegyFile::open(path, &LayoutOverrides::default()).unwrap();
    let spec = plan.spec();
    let chunk = u64::from(spec.chunk_traces);
    let mut all = Encoded::default();
    let mut start = 0;
    while start < spec.n_traces && all.secs < ENOUGH_SECS {
        let end = (start + 128 * chunk).min(spec.n_traces);
        let chunks: Vec<Samples> = (start..end)
            .step_by(usize::try_from(chunk).unwrap())
            .map(|first| decoded(&file, first..(first + chunk).min(end), spec.chunk_len()))
            .collect();
        let (bytes, secs, cpu_secs) = timed(|| encode_side_by_side(&chunks, plan, encode));
        all.secs += secs;
        all.cpu_secs += cpu_secs;
        all.bytes += bytes as f64;
        start = end;
    }
    let whole = spec.n_traces as f64 / start as f64;
    Encoded {
        secs: all.secs * whole,
        cpu_secs: all.cpu_secs * whole,
        bytes: all.bytes * whole,
    }
}

/// Takes chunks out of the list until it is empty; gives the bytes that it made of them.
pub(crate) type Encode = dyn Fn(&ImportPlan, &mut dyn Iterator<Item = &Samples>) -> u64 + Sync;

fn encode_side_by_side(chunks: &[Samples], plan: &ImportPlan, encode: &Encode) -> u64 {
    let next = AtomicUsize::new(0);
    let encode_some = || {
        let take = || chunks.get(next.fetch_add(1, Ordering::Relaxed));
        encode(plan, &mut std::iter::from_fn(take))
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..plan.threads())
            .map(|_| scope.spawn(encode_some))
            .collect();
        threads.into_iter().map(|one| one.join().unwrap()).sum()
    })
}

pub(crate) fn encode_ours(plan: &ImportPlan, chunks: &mut dyn Iterator<Item = &Samples>) -> u64 {
    let mut encoder = ChunkEncoder::for_spec(plan.spec()).unwrap();
    let (mut encoded, mut bytes) = (Vec::new(), 0);
    for chunk in chunks {
        encoded.clear();
        encoder.append(chunk.as_bytes(), &mut encoded).unwrap();
        bytes += std::hint::black_box(&encoded).len() as u64;
    }
    bytes
}

/// C-Blosc with exactly the parameters that the array's metadata names: what zarr-python, or any other
/// program over C-Blosc, does to write the same chunks.
pub(crate) fn encode_as_named(
    plan: &ImportPlan,
    chunks: &mut dyn Iterator<Item = &Samples>,
) -> u64 {
    encode_by_c_blosc(plan, plan.spec().codec.clevel(), chunks)
}

/// C-Blosc at zstd's level of that number: C-Blosc's own `clevel` c is zstd's level 2c − 1.
pub(crate) fn encode_at_level(
    plan: &ImportPlan,
    chunks: &mut dyn Iterator<Item = &Samples>,
) -> u64 {
    encode_by_c_blosc(plan, plan.spec().codec.clevel().div_ceil(2), chunks)
}

/// C-Blosc by way of zarrs: one block a chunk, shuffled.
fn encode_by_c_blosc(
    plan: &ImportPlan,
    clevel: u8,
    chunks: &mut dyn Iterator<Item = &Samples>,
) -> u64 {
    let mut bytes = 0;
    for chunk in chunks {
        let compressed = blosc_compress_bytes(
            chunk.as_bytes(),
            clevel.try_into().unwrap(),
            BloscShuffleMode::Shuffle,
            plan.spec().number_type.size_bytes(),
            BloscCompressor::Zstd,
            chunk.as_bytes().len(),
            1,
        );
        bytes += std::hint::black_box(compressed.unwrap()).len() as u64;
    }
    bytes
}

fn decoded(file: &SegyFile, traces: std::ops::Range<u64>, chunk_len: usize) -> Samples {
    let layout = file.layout();
    let number_type = layout.format.value.number_type();
    let window = file.window(traces).unwrap();
    let mut chunk = Samples::zeros(number_type, chunk_len);
    let mut trace = Samples::zeros(number_type, layout.n_samples.value as usize);
    let row = trace.as_bytes().len();
    for i in 0..window.n_traces() {
        let (format, order) = (layout.format.value, layout.byte_order.value);
        decode(format, order, window.sample_bytes(i), &mut trace).unwrap();
        chunk.as_bytes_mut()[i * row..][..row].copy_from_slice(trace.as_bytes());
    }
    chunk
}

/// Bound (b): writes the dataset's bytes once more, into files of the same lengths, from memory, in
/// pieces of a chunk's size with write-back begun behind each, and syncs as an import does.
pub(crate) fn write_alone(dataset: &Path, copy: &Path) -> usize {
    let mut files = Vec::new();
    collect_files(dataset, Path::new(""), &mut files);
    let piece = vec![0x5a_u8; 512 << 10];
    std::fs::create_dir(copy).unwrap();
    let mut made = Vec::new();
    for (name, length) in &files {
        let path = copy.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut file = File::create(path).unwrap();
        let mut offset = 0;
        while offset < *length {
            let n = usize::try_from(length - offset).unwrap().min(piece.len());
            file.write_all(&piece[..n]).unwrap();
            start_write_back(&file, offset, n);
            offset += n as u64;
        }
        made.push(file);
    }
    for file in &made {
        file.sync_all().unwrap();
    }
    sync_folders(copy);
    files.len()
}

/// Reads and hashes the source, as the manifest demands.
pub(crate) fn hash_alone(path: &Path) {
    let mut file = File::open(path).unwrap();
    let mut buffer = vec![0; 1 << 20];
    let mut hasher = Sha256::new();
    loop {
        let n = file.read(&mut buffer).unwrap();
        if n == 0 {
            break;
        }
        hasher.update(&buffer[..n]);
    }
    std::hint::black_box(hasher.finalize());
}

#[cfg(target_os = "linux")]
fn start_write_back(file: &File, offset: u64, length: usize) {
    use std::os::fd::AsRawFd;
    let (offset, length) = (
        i64::try_from(offset).unwrap(),
        i64::try_from(length).unwrap(),
    );
    #[expect(unsafe_code, reason = "sync_file_range has no safe wrapper")]
    // SAFETY: the descriptor is open while `file` is borrowed; the call touches no memory of ours.
    unsafe {
        libc::sync_file_range(
            file.as_raw_fd(),
            offset,
            length,
            libc::SYNC_FILE_RANGE_WRITE,
        );
    }
}

#[cfg(not(target_os = "linux"))]
fn start_write_back(_file: &File, _offset: u64, _length: usize) {}

fn collect_files(root: &Path, below: &Path, files: &mut Vec<(std::path::PathBuf, u64)>) {
    for entry in std::fs::read_dir(root.join(below)).unwrap() {
        let entry = entry.unwrap();
        let name = below.join(entry.file_name());
        let metadata = entry.metadata().unwrap();
        if metadata.is_dir() {
            collect_files(root, &name, files);
        } else {
            files.push((name, metadata.len()));
        }
    }
}

fn sync_folders(folder: &Path) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.metadata().unwrap().is_dir() {
            sync_folders(&entry.path());
        }
    }
    File::open(folder).unwrap().sync_all().unwrap();
}

/// Bound (c): reads the source from its first byte to its last, as warm or cold as the import found it.
pub(crate) fn read_alone(path: &Path) -> f64 {
    let mut file = File::open(path).unwrap();
    let mut buffer = vec![0; 4 << 20];
    let started = Instant::now();
    while file.read(&mut buffer).unwrap() > 0 {
        std::hint::black_box(&buffer);
    }
    started.elapsed().as_secs_f64()
}
