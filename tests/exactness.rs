//! Does any file whatever come back byte for byte? Random files from the test kit, with what breaks others.
//!
//! Random sample bytes hold unnormalised IBM words, both zeros, values out of range and NaN payloads;
//! random header bytes hold values in words that no standard defines.

#![expect(clippy::unwrap_used, reason = "tests")]

mod made_files;
mod support;

use proptest::prelude::*;
use shotpoint::dataset::Dataset;
use shotpoint::export::{ExportForm, export_form, verify};
use shotpoint::import::{ImportOptions, ImportPlan, Mapping, ScanDepth, run, scan};
use shotpoint::job::JobContext;
use shotpoint::segy::{ByteOrder, LayoutOverrides, SampleFormat};
use support::{Extended, SegyBuilder, Text};

const FORMATS: [i16; 13] = [1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 15, 16];

/// Words of which decoders and encoders tend to lose something, most significant byte first.
const ODD_WORDS: [u32; 14] = [
    0x8000_0000, // minus zero
    0x4500_0000, // zero with an exponent
    0x0000_0001, // far below the range of f32
    0x4200_1234, // IBM, not normalised
    0x7fff_ffff, // IBM beyond f32; an IEEE NaN with a payload
    0xffff_ffff,
    0x7f80_0000, // infinity
    0xff80_0000,
    0x7f80_0001, // a signalling NaN
    0x7fc0_1234, // a NaN with a payload
    0x0080_0000, // the smallest normal number
    0x0000_ffff, // subnormal
    0x6110_0000, // IBM, the first beyond f32
    0x2110_0000,
];

/// One file, before its bytes are made.
#[derive(Clone, Debug)]
struct Kind {
    format: i16,
    little: bool,
    n_traces: u64,
    n_samples: usize,
    n_extended: usize,
    n_additional: usize,
    trailer: Vec<u8>,
    partial: usize,
    seed: u64,
}

fn kinds() -> impl Strategy<Value = Kind> {
    let file = (0..FORMATS.len(), any::<bool>(), 8_u64..40, 5_usize..40);
    let around = (
        0_usize..3,
        0_usize..3,
        prop::collection::vec(any::<u8>(), 0..120),
        0_usize..200,
        any::<u64>(),
    );
    (file, around).prop_map(
        |(
            (format, little, n_traces, n_samples),
            (n_extended, n_additional, trailer, partial, seed),
        )| {
            Kind {
                format: FORMATS[format],
                little,
                n_traces,
                n_samples,
                n_extended,
                n_additional,
                trailer,
                partial,
                seed,
            }
        },
    )
}

/// Numbers without end, the same for the same seed.
fn noise(seed: u64) -> impl FnMut() -> u64 {
    let mut state = seed | 1;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    }
}

impl Kind {
    fn builder(&self) -> SegyBuilder {
        let texts = ["((SEG: A)) WORDS", "MORE WORDS"];
        let mut builder = SegyBuilder::new(self.n_traces, self.n_samples)
            .revision(2, 1)
            .format(self.format)
            .byte_order(self.little)
            .text(Text::Ebcdic)
            .extended(Extended::Declared, &texts[..self.n_extended.min(2)])
            .additional_headers(self.n_additional);
        builder.partial_last_trace = self.partial.min(builder.stride_bytes() - 1);
        builder
    }

    /// The file, its samples and all words that do not say where things lie overwritten with noise.
    fn bytes(&self) -> Vec<u8> {
        let builder = self.builder();
        let mut bytes = builder.bytes();
        let mut noise = noise(self.seed);
        let mut byte = move || noise().to_be_bytes()[3];
        // Bytes of the binary header that the standard leaves unused.
        bytes[3200 + 100..3200 + 300].fill_with(&mut byte);
        bytes[3200 + 332..3200 + 400].fill_with(&mut byte);
        let headers_bytes = 240 * (1 + self.n_additional);
        let (start, stride) = (builder.data_start(), builder.stride_bytes());
        for trace in 0..usize::try_from(self.n_traces).unwrap() {
            let trace = &mut bytes[start + trace * stride..][..stride];
            // From the second word of the trace header to the coordinate scalar stay as they are, so
            // that the layout is not in doubt; the rest is noise.
            trace[118..240].fill_with(&mut byte);
            trace[240..].fill_with(&mut byte);
            let (words, _) = trace[headers_bytes..].as_chunks_mut::<4>();
            for (i, word) in words.iter_mut().enumerate() {
                if i % 3 == 0 {
                    let odd = ODD_WORDS[usize::from(byte()) % ODD_WORDS.len()];
                    *word = if self.little {
                        odd.to_le_bytes()
                    } else {
                        odd.to_be_bytes()
                    };
                }
            }
        }
        bytes.extend(&self.trailer);
        bytes
    }
}

/// Imports the bytes; the layout is told where evidence alone might read noise otherwise.
fn imported(kind: &Kind, bytes: &[u8], folder: &std::path::Path) -> Dataset {
    let path = folder.join("file.sgy");
    std::fs::write(&path, bytes).unwrap();
    let context = JobContext::default();
    let overrides = LayoutOverrides {
        format_code: Some(kind.format),
        n_samples: Some(u32::try_from(kind.n_samples).unwrap()),
        ..LayoutOverrides::default()
    };
    let found = scan(&path, &overrides, ScanDepth::Quick, &context).unwrap();
    let mapping = Mapping {
        overrides,
        ..Mapping::default()
    };
    let options = ImportOptions {
        chunk_traces: Some(8),
        chunks_per_block: Some(2),
        threads: Some(1),
        ..ImportOptions::default()
    };
    let plan = ImportPlan::new(&found, &mapping, &options).unwrap();
    let report = run(&plan, &context).unwrap();
    Dataset::open(&report.dataset).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn every_file_comes_back_byte_for_byte(kind in kinds()) {
        let bytes = kind.bytes();
        let folder = made_files::folder();
        let dataset = imported(&kind, &bytes, folder.path());
        let manifest = dataset.manifest();
        let copy = folder.path().join("copy.sgy");
        let context = JobContext::default();
        let report = shotpoint::export::export_exact(&dataset, &copy, false, &context).unwrap();
        prop_assert!(report.same_as_source);
        prop_assert!(std::fs::read(&copy).unwrap() == bytes);
        prop_assert!(verify(&dataset, None, &context).unwrap().is_sound());
        prop_assert_eq!(manifest.source.size_bytes, bytes.len() as u64);
    }

    /// There and back again: into another byte order and back, no bit of a sample or a known word
    /// is lost, whatever it was.
    #[test]
    fn the_other_byte_order_and_back_is_the_same_file(kind in kinds()) {
        let kind = Kind { n_additional: 0, partial: 0, trailer: Vec::new(), ..kind };
        let mut bytes = kind.bytes();
        // Unused bytes of the binary header cannot be reordered: they have no words.
        bytes[3300..3500].fill(0);
        bytes[3532..3600].fill(0);
        let folder = made_files::folder();
        let order = |little| Some(if little { ByteOrder::Little } else { ByteOrder::Big });
        let context = JobContext::default();
        let there = folder.path().join("there.sgy");
        let dataset = imported(&kind, &bytes, folder.path());
        let form = |little| ExportForm { byte_order: order(little), ..ExportForm::default() };
        export_form(&dataset, &form(!kind.little), &there, false, &context).unwrap();
        let other = Kind { little: !kind.little, ..kind.clone() };
        let swapped = std::fs::read(&there).unwrap();
        let folder = made_files::folder();
        let dataset = imported(&other, &swapped, folder.path());
        let back = folder.path().join("back.sgy");
        let report = export_form(&dataset, &form(kind.little), &back, false, &context).unwrap();
        prop_assert!(report.changes.iter().all(|change| !change.loses_something()), "{:?}", report.changes);
        prop_assert!(std::fs::read(&back).unwrap() == bytes);
    }

    /// Into a format that holds every value of the file's own, and back.
    #[test]
    fn a_wider_format_and_back_keeps_every_value(
        samples in prop::collection::vec(any::<i16>(), 40),
        little: bool,
        wider in prop::sample::select(vec![1_i16, 2, 5, 6, 7, 9]),
    ) {
        let builder = SegyBuilder::new(8, 5)
            .revision(2, 0)
            .format(3)
            .byte_order(little)
            .samples(move |trace, sample| f64::from(samples[usize::try_from(trace).unwrap() * 5 + sample]));
        let source = builder.bytes();
        let context = JobContext::default();
        let folder = made_files::folder();
        let path = folder.path().join("file.sgy");
        std::fs::write(&path, &source).unwrap();
        let options = ImportOptions::default();
        let report = made_files::imported(&path, &Mapping::default(), &options);
        let form = |code| ExportForm {
            format: SampleFormat::from_code(code),
            ..ExportForm::default()
        };
        let dataset = Dataset::open(&report.dataset).unwrap();
        let there = folder.path().join("there.sgy");
        let report = export_form(&dataset, &form(wider), &there, false, &context).unwrap();
        prop_assert!(report.changes.iter().all(|change| !change.loses_something()));
        let report = made_files::imported(&there, &Mapping::default(), &options);
        let dataset = Dataset::open(&report.dataset).unwrap();
        let back = folder.path().join("back.sgy");
        export_form(&dataset, &form(3), &back, false, &context).unwrap();
        prop_assert!(std::fs::read(&back).unwrap() == source, "format {}", wider);
    }
}
