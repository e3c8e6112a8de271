//! Makes datasets for the tests: any shape, any number type, all parts.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, FixedSizeBinaryArray, Int32Array, UInt64Array};
use arrow::record_batch::RecordBatch;
use shotpoint::dataset::{
    ArrayFacts, Checksums, Codec, DatasetSpec, DatasetWriter, Ensemble, EnsembleFacts,
    HeaderColumn, HeaderType, Manifest, OverviewWriter, SampleException, SegyFacts, SourceFacts,
    StatisticsAccumulator, Timings, VerticalAxis, VerticalDomain,
};
use shotpoint::samples::{NumberType, Samples};
use zarrs::array::{Array, ArrayBytes};
use zarrs::filesystem::FilesystemStore;

pub(crate) const ALL_TYPES: [NumberType; 10] = [
    NumberType::Float32,
    NumberType::Float64,
    NumberType::Int8,
    NumberType::Int16,
    NumberType::Int32,
    NumberType::Int64,
    NumberType::Uint8,
    NumberType::Uint16,
    NumberType::Uint32,
    NumberType::Uint64,
];

pub(crate) const EXCEPTIONS: [SampleException; 2] = [
    SampleException {
        trace_index: 0,
        sample_index: 0,
        word: 0x8000_0000,
    },
    SampleException {
        trace_index: 0,
        sample_index: 3,
        word: 0x4100_0001,
    },
];

/// What a test's dataset looks like.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    pub(crate) n_traces: u64,
    pub(crate) n_samples: u32,
    pub(crate) chunk_traces: u32,
    pub(crate) chunks_per_shard: u32,
    pub(crate) number_type: NumberType,
    pub(crate) codec: Codec,
}

impl Shape {
    pub(crate) fn new(
        n_traces: u64,
        n_samples: u32,
        chunk_traces: u32,
        chunks_per_shard: u32,
    ) -> Self {
        Self {
            n_traces,
            n_samples,
            chunk_traces,
            chunks_per_shard,
            number_type: NumberType::Float32,
            codec: Codec::Fast,
        }
    }

    pub(crate) fn of(self, number_type: NumberType) -> Self {
        Self {
            number_type,
            ..self
        }
    }

    pub(crate) fn len(&self) -> usize {
        usize::try_from(self.n_traces).unwrap() * self.n_samples as usize
    }

    pub(crate) fn spec(&self, path: &Path) -> DatasetSpec {
        DatasetSpec {
            path: path.to_owned(),
            overwrite: false,
            n_traces: self.n_traces,
            n_samples: self.n_samples,
            number_type: self.number_type,
            chunk_traces: self.chunk_traces,
            chunks_per_shard: self.chunks_per_shard,
            codec: self.codec,
            axis: VerticalAxis {
                domain: VerticalDomain::Time,
                unit: "ms".to_owned(),
                first: -8.0,
                interval: 4.0,
            },
            columns: columns(),
            ensemble_keys: vec!["cdp".to_owned()],
        }
    }
}

fn columns() -> Vec<HeaderColumn> {
    let column = |name: &str, kind, metadata: &[(&str, &str)]| HeaderColumn {
        name: name.to_owned(),
        kind,
        metadata: metadata
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect(),
    };
    vec![
        column("trace_index", HeaderType::Uint64, &[]),
        column("file_offset", HeaderType::Uint64, &[]),
        column(
            "cdp",
            HeaderType::Int32,
            &[("segy_byte", "21"), ("su", "cdp")],
        ),
        column("crossline", HeaderType::Int32, &[("segy_byte", "193")]),
        column("raw_header", HeaderType::Bytes(240), &[]),
    ]
}

/// Traces share a CDP by tens; every seventh crossline is missing.
pub(crate) fn header_batch(first: u64, n: u64) -> RecordBatch {
    let traces = first..first + n;
    let number = |t: u64| i32::try_from(t).unwrap();
    let offsets = traces.clone().map(|t| 3600 + t * 4240);
    let cdps = traces.clone().map(|t| 100 + number(t / 10));
    let crosslines = traces.clone().map(|t| (t % 7 != 0).then(|| -number(t)));
    let raw = traces.clone().map(|t| t.to_le_bytes().repeat(30));
    let raw = FixedSizeBinaryArray::try_from_sparse_iter_with_size(raw.map(Some), 240).unwrap();
    let arrays: Vec<ArrayRef> = vec![
        Arc::new(UInt64Array::from_iter_values(traces)),
        Arc::new(UInt64Array::from_iter_values(offsets)),
        Arc::new(Int32Array::from_iter_values(cdps)),
        Arc::new(crosslines.collect::<Int32Array>()),
        Arc::new(raw),
    ];
    RecordBatch::try_new(HeaderColumn::schema(&columns()), arrays).unwrap()
}

pub(crate) fn expected_runs(n_traces: u64) -> Vec<Ensemble> {
    (0..n_traces.div_ceil(10))
        .map(|run| Ensemble {
            ensemble_id: run,
            start_trace: run * 10,
            end_trace: (run * 10 + 9).min(n_traces - 1),
            keys: vec![100 + i64::try_from(run).unwrap()],
        })
        .collect()
}

pub(crate) fn manifest(shape: &Shape) -> Manifest {
    Manifest {
        format_version: 0,
        program: "shotpoint test".to_owned(),
        state: String::new(),
        created: "2026-11-22T12:00:00Z".to_owned(),
        source: SourceFacts {
            file_name: "line12.sgy".to_owned(),
            size_bytes: 1,
            modified_unix_secs: None,
            sha256: "00".to_owned(),
        },
        segy: SegyFacts {
            revision: "1.0".to_owned(),
            container: "segy".to_owned(),
            byte_order: "big".to_owned(),
            format_code: 1,
            sample_interval_micros: Some(4000.0),
            text_encoding: "ebcdic".to_owned(),
            file_header_bytes: 3600,
            tape_label_bytes: 0,
            geometry: None,
            trailer_bytes: 0,
            n_additional_trace_headers: 0,
            n_exceptions: 2,
            scaling: None,
            file_header_byte_order: None,
            decided_by: serde_json::Map::new(),
        },
        // Filled in by the writer.
        array: ArrayFacts {
            n_traces: 0,
            n_samples: 0,
            number_type: shape.number_type,
            chunk_traces: 0,
            chunks_per_shard: 0,
            n_chunks: 0,
            codec: shape.codec,
            n_overview_levels: 0,
            stored_bytes: 0,
        },
        axis: shape.spec(Path::new("x")).axis,
        delays: None,
        ensembles: EnsembleFacts {
            keys: vec!["cdp".to_owned()],
            n_ensembles: shape.n_traces.div_ceil(10),
            min_traces: 1,
            max_traces: 10,
        },
        amplitude: None,
        mapping: serde_json::json!({}),
        warnings: Vec::new(),
        timings: Timings::default(),
        checksums: Checksums::default(),
    }
}

/// Writes a dataset of these samples with all its parts, chunks last to first, by two threads.
pub(crate) fn write(path: &Path, shape: &Shape, samples: &Samples) -> Manifest {
    let writer = DatasetWriter::create(shape.spec(path)).unwrap();
    write_parts(&writer, shape, samples);
    let mut statistics = StatisticsAccumulator::default();
    statistics.add(samples);
    let statistics = statistics.finish();
    let mut manifest = manifest(shape);
    manifest.amplitude = statistics;
    writer.finish(manifest, statistics.as_ref()).unwrap()
}

pub(crate) fn write_parts(writer: &DatasetWriter, shape: &Shape, samples: &Samples) {
    write_chunks(writer, shape, samples);

    let mut headers = writer.header_writer().unwrap();
    let mut first = 0;
    while first < shape.n_traces {
        let n = (shape.n_traces - first).min(999);
        headers.write(&header_batch(first, n)).unwrap();
        first += n;
    }
    headers.finish().unwrap();

    let mut ensembles = writer.ensemble_writer().unwrap();
    for ensemble in expected_runs(shape.n_traces) {
        ensembles.write(&ensemble).unwrap();
    }
    ensembles.finish().unwrap();

    let mut overview = writer.overview_writer().unwrap();
    let n_samples = shape.n_samples as usize;
    let mut as_f32 = Vec::new();
    samples.extend_f32(0..samples.len(), &mut as_f32);
    for block in as_f32.chunks((32 * n_samples).max(1)) {
        let (min, max) = OverviewWriter::reduce(block, n_samples);
        overview.write(&min, &max).unwrap();
    }
    overview.finish().unwrap();

    let mut exceptions = writer.exception_writer().unwrap();
    exceptions.write(&EXCEPTIONS).unwrap();
    assert_eq!(exceptions.finish().unwrap(), 2);
    writer
        .write_segy_part("textual_header.bin", b"C 1")
        .unwrap();
}

fn write_chunks(writer: &DatasetWriter, shape: &Shape, samples: &Samples) {
    let chunks = writer.chunk_writer().unwrap();
    let chunk_bytes = writer.spec().chunk_len() * shape.number_type.size_bytes();
    let n_chunks = writer.spec().n_chunks();
    std::thread::scope(|scope| {
        for parity in 0..2 {
            let chunks = &chunks;
            scope.spawn(move || {
                let mut encoder = chunks.encoder().unwrap();
                for chunk in (0..n_chunks).rev().filter(|chunk| chunk % 2 == parity) {
                    let start = usize::try_from(chunk).unwrap() * chunk_bytes;
                    let bytes = samples.as_bytes();
                    let mut padded = bytes[start..bytes.len().min(start + chunk_bytes)].to_vec();
                    padded.resize(chunk_bytes, 0);
                    chunks.write(chunk, &padded, &mut encoder).unwrap();
                }
            });
        }
    });
    chunks.finish().unwrap();
}

/// A repeatable stream of bits.
fn noise(seed: u64) -> impl Iterator<Item = [u8; 8]> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    std::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    })
}

/// Any bytes at all, NaN and infinities among them.
pub(crate) fn random_samples(shape: &Shape, seed: u64) -> Samples {
    let mut samples = Samples::zeros(shape.number_type, shape.len());
    for (byte, bits) in samples.as_bytes_mut().iter_mut().zip(noise(seed)) {
        *byte = bits[3];
    }
    samples
}

/// A wave with a little noise, in any type: shrinks like real traces.
pub(crate) fn wave_samples(shape: &Shape) -> Samples {
    let mut samples = Samples::zeros(shape.number_type, shape.len());
    let size = shape.number_type.size_bytes();
    let numbers = samples.as_bytes_mut().chunks_exact_mut(size);
    for ((i, out), bits) in numbers.enumerate().zip(noise(1)) {
        let value = (i as f64 * 0.07).sin() * 100.0 + f64::from(bits[5]) * 0.01;
        #[expect(clippy::cast_possible_truncation, reason = "small numbers")]
        if shape.number_type == NumberType::Float32 {
            out.copy_from_slice(&(value as f32).to_le_bytes());
        } else if shape.number_type == NumberType::Float64 {
            out.copy_from_slice(&value.to_le_bytes());
        } else {
            out.copy_from_slice(&(value as i64).to_le_bytes()[..size]);
        }
    }
    samples
}

/// The whole array's bytes as zarrs' generic reading gives them.
pub(crate) fn read_by_zarrs(path: &Path, array: &str) -> Vec<u8> {
    let store = Arc::new(FilesystemStore::new(path.join("traces.zarr")).unwrap());
    let array = Array::open(store, array).unwrap();
    let bytes: ArrayBytes<'static> = array.retrieve_array_subset(&array.subset_all()).unwrap();
    bytes.into_fixed().unwrap().into_owned()
}

/// 203 traces of 50 samples: 13 chunks of 16 traces in 4 shards.
pub(crate) fn sample_dataset(folder: &Path) -> (PathBuf, Shape, Samples) {
    let path = folder.join("line12.shotpoint");
    let shape = Shape::new(203, 50, 16, 4);
    let samples = wave_samples(&shape);
    write(&path, &shape, &samples);
    (path, shape, samples)
}
