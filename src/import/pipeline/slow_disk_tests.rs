//! What happens on a disk that takes 10 ms for every write? The same dataset, with no more blocks waiting
//! than there are credits, and a cancel that waits for none but the writes under way.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::dataset::slow_disk;
use crate::import::{
    ImportOptions, ImportPlan, Mapping, RequestedMode, ScanDepth, run, run_with, scan,
};
use crate::job::{JobContext, Stop};
use crate::samples::Samples;
use crate::segy::{
    ByteOrder, FileHeaderSpec, LayoutOverrides, SampleFormat, SegyWriter, TraceHeaderBuilder,
};

const N_TRACES: u64 = 640;
const N_SAMPLES: u32 = 40;
const DELAY: Duration = Duration::from_millis(10);

fn made(folder: &Path) -> PathBuf {
    let path = folder.join("made.sgy");
    let spec = FileHeaderSpec::new(ByteOrder::Big, SampleFormat::Ieee32, N_SAMPLES, 4000.0);
    let file = fs::File::create(&path).unwrap();
    let mut writer = SegyWriter::new(file, &spec).unwrap();
    for trace in 0..N_TRACES {
        let mut header = TraceHeaderBuilder::new(ByteOrder::Big);
        header
            .set("ffid", i64::try_from(trace / 10).unwrap())
            .unwrap();
        let value = |sample: u32| ((trace as f32) * 0.7 + (sample as f32) * 0.3).sin();
        let samples = Samples::Float32((0..N_SAMPLES).map(value).collect());
        writer.write_trace(header.bytes(), &samples).unwrap();
    }
    writer.finish().unwrap();
    path
}

fn plan(source: &Path, output: &Path) -> ImportPlan {
    let layout = LayoutOverrides::default();
    let found = scan(source, &layout, ScanDepth::Quick, &JobContext::default()).unwrap();
    let options = ImportOptions {
        chunk_traces: Some(16),
        chunks_per_block: Some(1),
        threads: Some(2),
        mode: RequestedMode::Batch,
        output: Some(output.to_owned()),
        ..ImportOptions::default()
    };
    ImportPlan::new(&found, &Mapping::default(), &options).unwrap()
}

#[test]
fn a_slow_disk_makes_the_same_dataset_and_lets_itself_be_cancelled() {
    let folder = tempfile::tempdir().unwrap();
    let source = made(folder.path());
    let disk = folder.path().join("disk");
    fs::create_dir(&disk).unwrap();
    let fast = run(
        &plan(&source, &folder.path().join("fast.shotpoint")),
        &JobContext::default(),
    );
    let fast = fast.unwrap();
    slow_disk::slow_down(&disk, DELAY);

    let slow = plan(&source, &disk.join("slow.shotpoint"));
    let in_flight = u64::from(slow.blocks_in_flight);
    let slow = run(&slow, &JobContext::default()).unwrap();
    let n_blocks = N_TRACES / 16;
    assert!(slow_disk::n_writes(&disk) >= n_blocks);
    assert_eq!(slow.manifest.amplitude, fast.manifest.amplitude);
    assert_eq!(slow.manifest.source.sha256, fast.manifest.source.sha256);
    for part in [
        "traces.zarr/amplitude/c/0/0",
        "headers.parquet",
        "ensembles.parquet",
    ] {
        let read = |dataset: &Path| fs::read(dataset.join(part)).unwrap();
        assert_eq!(read(&slow.dataset), read(&fast.dataset), "{part}");
    }

    let before = slow_disk::n_writes(&disk);
    let context = JobContext::default();
    let cut = plan(&source, &disk.join("cut.shotpoint"));
    let end = run_with(&cut, &context, |block| {
        if block.first_trace == 160 {
            context.cancel.cancel();
        }
    });
    assert!(matches!(end, Err(Stop::Cancelled)));
    // Headers' pages and the journal are no business of this count: few, and none a block.
    let most = 10 + 1 + in_flight + 8;
    let written = slow_disk::n_writes(&disk) - before;
    assert!(written <= most, "{written} writes of {most}");
    let left: Vec<_> = fs::read_dir(&disk).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
}
