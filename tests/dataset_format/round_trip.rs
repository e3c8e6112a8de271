//! Samples of every type and shape read back bit for bit, by us and by zarrs.

use proptest::prelude::*;
use shotpoint::dataset::{ChunkState, Codec, Dataset, DatasetError};
use shotpoint::samples::{NumberType, Samples};

use crate::support::{
    ALL_TYPES, Shape, expected_runs, random_samples, read_by_zarrs, sample_dataset, wave_samples,
    write,
};

fn assert_round_trip(shape: &Shape, samples: &Samples) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("line12.shotpoint");
    write(&path, shape, samples);
    assert_eq!(
        read_by_zarrs(&path, "/amplitude"),
        samples.as_bytes(),
        "zarrs, {shape:?}"
    );
    let dataset = Dataset::open(&path).unwrap();
    let read = dataset.read_samples(0..shape.n_traces).unwrap();
    assert_eq!(read.number_type(), shape.number_type);
    assert_eq!(read.as_bytes(), samples.as_bytes(), "ours, {shape:?}");
    for chunk in 0..dataset.n_chunks() {
        let state = dataset.chunk_state(chunk).unwrap();
        assert!(matches!(state, ChunkState::Present { .. }), "{state:?}");
    }
}

#[test]
fn every_number_type_reads_back_bit_for_bit() {
    for number_type in ALL_TYPES {
        // 3 shards of 4 chunks of 8 traces; the last chunk is partly padding, the last shard partly missing.
        let shape = Shape::new(77, 33, 8, 4).of(number_type);
        assert_round_trip(&shape, &random_samples(&shape, 7));
        assert_round_trip(&shape, &wave_samples(&shape));
        assert_round_trip(&shape, &Samples::zeros(number_type, shape.len()));
    }
}

#[test]
fn odd_shapes_read_back_bit_for_bit() {
    for (n_traces, n_samples, chunk_traces, chunks_per_shard) in [
        (1, 1, 1, 1),
        (1, 1000, 128, 128),
        (1000, 1, 16, 4),
        (50, 7, 1, 1),
        (50, 7, 1, 50),
        (256, 64, 16, 4),
        (257, 64, 16, 4),
        (3, 5000, 2, 3),
    ] {
        let shape = Shape::new(n_traces, n_samples, chunk_traces, chunks_per_shard);
        assert_round_trip(&shape, &wave_samples(&shape));
    }
}

#[test]
fn every_codec_reads_back_bit_for_bit() {
    for codec in [Codec::Fast, Codec::Balanced, Codec::Small] {
        let shape = Shape {
            codec,
            ..Shape::new(203, 50, 16, 4)
        };
        assert_round_trip(&shape, &wave_samples(&shape));
    }
}

/// Planes are stored as they are where they look like noise: by themselves (random numbers), and
/// beside planes that shrink (numbers of one exponent). C-Blosc, which zarrs calls, is the judge.
#[test]
fn planes_of_noise_read_back_bit_for_bit() {
    let of_four_bytes = [NumberType::Float32, NumberType::Int32];
    for (number_type, exponent) in of_four_bytes
        .map(|number_type| (number_type, Some(0x43)))
        .into_iter()
        .chain(
            [
                NumberType::Int8,
                NumberType::Int16,
                NumberType::Float32,
                NumberType::Float64,
            ]
            .map(|number_type| (number_type, None)),
        )
    {
        for codec in [Codec::Balanced, Codec::Small] {
            let shape = Shape {
                codec,
                ..Shape::new(130, 700, 64, 2)
            }
            .of(number_type);
            let mut samples = random_samples(&shape, 7);
            for number in samples.as_bytes_mut().chunks_exact_mut(4) {
                number[3] = exponent.unwrap_or(number[3]);
            }
            assert_round_trip(&shape, &samples);
        }
    }
}

#[test]
fn traces_without_samples_and_no_traces_make_a_dataset() {
    let folder = tempfile::tempdir().unwrap();
    for (name, shape) in [
        ("samples", Shape::new(20, 0, 8, 4)),
        ("traces", Shape::new(0, 10, 8, 4)),
    ] {
        let path = folder.path().join(name);
        write(&path, &shape, &Samples::zeros(shape.number_type, 0));
        let dataset = Dataset::open(&path).unwrap();
        assert!(dataset.read_samples(0..shape.n_traces).unwrap().is_empty());
        assert_eq!(dataset.n_chunks(), 0);
        assert_eq!(dataset.ensembles().unwrap(), expected_runs(shape.n_traces));
    }
}

#[test]
fn any_range_of_traces_is_the_same_part_of_the_whole() {
    let folder = tempfile::tempdir().unwrap();
    let (path, shape, samples) = sample_dataset(folder.path());
    let dataset = Dataset::open(&path).unwrap();
    let row = shape.n_samples as usize * 4;
    for (start, end) in [
        (0, 0),
        (0, 1),
        (15, 16),
        (15, 17),
        (60, 70),
        (100, 203),
        (202, 203),
        (203, 203),
    ] {
        let read = dataset.read_samples(start..end).unwrap();
        let from = usize::try_from(start).unwrap() * row;
        let to = usize::try_from(end).unwrap() * row;
        assert_eq!(read.as_bytes(), &samples.as_bytes()[from..to]);
    }
    assert!(matches!(
        dataset.read_samples(200..204),
        Err(DatasetError::TracesOutside { n_traces: 203, .. })
    ));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn any_shape_and_any_bytes_read_back(
        n_traces in 1u64..120,
        n_samples in 1u32..80,
        chunk_traces in 1u32..20,
        chunks_per_shard in 1u32..6,
        type_index in 0usize..10,
        seed in any::<u64>(),
    ) {
        let shape = Shape::new(n_traces, n_samples, chunk_traces, chunks_per_shard)
            .of(ALL_TYPES[type_index]);
        assert_round_trip(&shape, &random_samples(&shape, seed));
    }
}
