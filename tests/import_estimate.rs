//! Does what the import page promises come true? Sizes within 30 %, for files that are easy to misjudge.
//!
//! Time depends on what else the machine does: `benches/import.rs` prints what was promised beside
//! what it took.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::Duration;

use shotpoint::import::{ImportOptions, ImportPlan, Mapping, ScanDepth, estimate, run, scan};
use shotpoint::job::JobContext;
use shotpoint::samples::{NumberType, Samples};
use shotpoint::segy::{
    ByteOrder, FileHeaderSpec, LayoutOverrides, SampleFormat, SegyWriter, TraceHeaderBuilder,
};

/// A kind of file.
struct Case {
    name: &'static str,
    format: SampleFormat,
    n_traces: u32,
    n_samples: u32,
    /// How loud a sample is, by trace (0 to 1 through the file) and sample (0 to 1 through the trace).
    loudness: fn(f32, f32) -> f32,
}

const CASES: [Case; 8] = [
    Case {
        name: "as loud everywhere",
        format: SampleFormat::Ibm32,
        n_traces: 4000,
        n_samples: 500,
        loudness: |_, _| 1000.0,
    },
    Case {
        name: "IEEE, decaying",
        format: SampleFormat::Ieee32,
        n_traces: 4000,
        n_samples: 500,
        loudness: |_, t| 1e-3 / (0.05 + t),
    },
    Case {
        name: "the last third is silent",
        format: SampleFormat::Ibm32,
        n_traces: 4000,
        n_samples: 500,
        loudness: |x, _| if x > 0.66 { 0.0 } else { 100.0 },
    },
    Case {
        name: "padded from the middle of each trace",
        format: SampleFormat::Ieee32,
        n_traces: 4000,
        n_samples: 500,
        loudness: |_, t| if t > 0.5 { 0.0 } else { 100.0 },
    },
    Case {
        name: "loud integers",
        format: SampleFormat::Int16,
        n_traces: 6000,
        n_samples: 500,
        loudness: |_, _| 9000.0,
    },
    Case {
        name: "integers from quiet to loud",
        format: SampleFormat::Int32,
        n_traces: 4000,
        n_samples: 500,
        loudness: |x, _| 10.0 + 1e6 * x * x,
    },
    Case {
        name: "few long traces",
        format: SampleFormat::Ibm32,
        n_traces: 60,
        n_samples: 40_000,
        loudness: |_, _| 50.0,
    },
    Case {
        name: "many traces of a few samples",
        format: SampleFormat::Ieee32,
        n_traces: 60_000,
        n_samples: 4,
        loudness: |_, _| 50.0,
    },
];

#[test]
fn sizes_are_estimated_within_30_percent() {
    for case in CASES {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("made.sgy");
        make(&case, &path);
        let context = JobContext::default();
        let overrides = LayoutOverrides::default();
        let scan = scan(&path, &overrides, ScanDepth::Quick, &context).unwrap();
        let plan = ImportPlan::new(&scan, &Mapping::default(), &ImportOptions::default()).unwrap();
        let estimate = estimate(&plan, &context).unwrap();
        let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(left.len(), 1, "an estimate leaves nothing behind");
        let report = run(&plan, &context).unwrap();
        let ratio = estimate.output_bytes as f64 / report.bytes_out as f64;
        println!("{}: {:.2} of {} bytes", case.name, ratio, report.bytes_out);
        assert!((0.7..1.3).contains(&ratio), "{}: {ratio:.2}", case.name);
        assert!(estimate.duration > Duration::ZERO);
    }
}

fn make(case: &Case, path: &Path) {
    let spec = FileHeaderSpec::new(ByteOrder::Big, case.format, case.n_samples, 2000.0);
    let mut writer = SegyWriter::new(BufWriter::new(File::create(path).unwrap()), &spec).unwrap();
    let mut state = 1_u64;
    let mut last = [0.0_f32; 2];
    for trace in 0..case.n_traces {
        let mut header = TraceHeaderBuilder::new(ByteOrder::Big);
        for (name, value) in [
            ("tracl", trace + 1),
            ("ffid", trace / 48 + 1),
            ("channel", trace % 48 + 1),
            ("sx", 4_000_000 + 250 * (trace / 48)),
            ("gx", 4_000_000 + 125 * trace),
        ] {
            header.set(name, i64::from(value)).unwrap();
        }
        let values = (0..case.n_samples).map(|i| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let white = (state >> 40) as f32 / 8_388_608.0 - 1.0;
            let value = 1.2 * last[0] - 0.5 * last[1] + white;
            last = [value, last[0]];
            let (x, t) = (
                trace as f32 / case.n_traces as f32,
                i as f32 / case.n_samples as f32,
            );
            value * (case.loudness)(x, t)
        });
        let samples = stored(case.format, values);
        writer.write_trace(header.bytes(), &samples).unwrap();
    }
    writer.finish().unwrap().flush().unwrap();
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::wildcard_enum_match_arm,
    reason = "saturates; of few formats"
)]
fn stored(format: SampleFormat, values: impl Iterator<Item = f32>) -> Samples {
    match format {
        SampleFormat::Int16 => Samples::Int16(values.map(|x| x as i16).collect()),
        SampleFormat::Int32 => Samples::Int32(values.map(|x| x as i32).collect()),
        other => {
            assert_eq!(other.number_type(), NumberType::Float32, "not made here");
            Samples::Float32(values.collect())
        }
    }
}
