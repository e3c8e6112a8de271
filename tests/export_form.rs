//! Is an export in another form the file that it says, and does it say all that differs?

#![expect(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    reason = "tests of a few traces"
)]

mod made_files;
mod support;

use std::path::{Path, PathBuf};

use shotpoint::dataset::Dataset;
use shotpoint::export::{
    ExportError, ExportForm, FileKind, FormChange, FormPlan, FormReport, export_form, verify,
};
use shotpoint::import::{ImportOptions, Mapping};
use shotpoint::job::{JobContext, Phase, Stop};
use shotpoint::segy::{
    ByteOrder, FieldKind, LayoutOverrides, Revision, SampleFormat, SegyFile, TextEncoding,
    decode_word_exact,
};
use support::{Extended, SegyBuilder, Text};

/// A dataset in a folder that goes away.
struct Imported {
    folder: tempfile::TempDir,
    dataset: Dataset,
}

impl Imported {
    fn bytes(bytes: &[u8]) -> Self {
        let folder = made_files::folder();
        let path = folder.path().join("source.sgy");
        std::fs::write(&path, bytes).unwrap();
        let options = ImportOptions {
            chunk_traces: Some(16),
            chunks_per_block: Some(2),
            ..ImportOptions::default()
        };
        let report = made_files::imported(&path, &Mapping::default(), &options);
        let dataset = Dataset::open(&report.dataset).unwrap();
        Self { folder, dataset }
    }

    fn of(builder: &SegyBuilder) -> Self {
        Self::bytes(&builder.bytes())
    }

    fn output(&self) -> PathBuf {
        self.folder.path().join("new.sgy")
    }

    fn try_export(&self, form: &ExportForm) -> Result<FormReport, Stop<ExportError>> {
        // An export that happens to be the imported file would be refused the second time.
        drop(std::fs::remove_file(self.output()));
        let context = JobContext::default();
        let report = export_form(&self.dataset, form, &self.output(), false, &context)?;
        let end = context.progress.snapshot();
        assert_eq!(end.phase, Phase::Done);
        assert_eq!(
            (end.bytes_done, end.traces_done),
            (report.bytes, report.n_traces)
        );
        assert_eq!(end.bytes_total, report.bytes);
        let left = made_files::names(self.folder.path());
        assert_eq!(left, ["new.sgy", "source.sgy", "source.shotpoint"]);
        Ok(report)
    }

    fn export(&self, form: &ExportForm) -> (FormReport, Vec<u8>) {
        let report = self
            .try_export(form)
            .unwrap_or_else(|stop| panic!("{stop}"));
        let bytes = std::fs::read(self.output()).unwrap();
        assert_eq!(bytes.len() as u64, report.bytes);
        (report, bytes)
    }

    /// The sentence with which a form is refused; nothing is left behind then.
    fn refusal(&self, form: &ExportForm) -> String {
        let stop = self.try_export(form).unwrap_err();
        let left = made_files::names(self.folder.path());
        assert_eq!(left, ["source.sgy", "source.shotpoint"]);
        stop.to_string()
    }
}

fn codes(report: &FormReport) -> Vec<&'static str> {
    report.changes.iter().map(FormChange::code).collect()
}

fn opened(path: &Path) -> SegyFile {
    SegyFile::open(path, &LayoutOverrides::default()).unwrap()
}

/// Values that every format holds.
fn small_whole(trace: u64, sample: usize) -> f64 {
    ((trace * 31 + sample as u64 * 7) % 120) as f64
}

const FORMATS: [i16; 13] = [1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 15, 16];

#[test]
fn every_format_and_byte_order_becomes_every_other() {
    let file = |format, little| {
        SegyBuilder::new(21, 13)
            .revision(2, 0)
            .format(format)
            .byte_order(little)
            .samples(small_whole)
    };
    for from in FORMATS {
        for from_little in [false, true] {
            let imported = Imported::of(&file(from, from_little));
            for to in FORMATS {
                for to_little in [false, true] {
                    let form = ExportForm {
                        format: SampleFormat::from_code(to),
                        byte_order: Some(if to_little {
                            ByteOrder::Little
                        } else {
                            ByteOrder::Big
                        }),
                        ..ExportForm::default()
                    };
                    let (report, bytes) = imported.export(&form);
                    let expected = file(to, to_little).bytes();
                    let what = format!("{from} {from_little} to {to} {to_little}");
                    assert!(bytes == expected, "{what}");
                    let mut said = vec![];
                    if from != to {
                        said.push("sample_format");
                    }
                    if from_little != to_little {
                        said.push("byte_order");
                    }
                    if from != to {
                        said.push("binary_word");
                    }
                    assert_eq!(codes(&report), said, "{what}");
                    assert_eq!(report.same_as_source, said.is_empty());
                }
            }
        }
    }
}

#[test]
fn chosen_and_sorted_traces_are_the_originals_bytes() {
    let builder = SegyBuilder::new(230, 9).header_words(|trace, header| {
        header.i32(37, (trace as i32 * 37) % 50 - 20);
    });
    let source = builder.bytes();
    let imported = Imported::of(&builder);
    let (start, stride) = (builder.data_start(), builder.stride_bytes());
    let trace = |i: u64| &source[start + i as usize * stride..][..stride];
    let offset = |i: u64| (i as i32 * 37) % 50 - 20;
    let same = |form: &ExportForm, traces: &[u64], said: &[&str]| {
        let (report, bytes) = imported.export(form);
        let mut expected = source[..start].to_vec();
        for &i in traces {
            expected.extend(trace(i));
        }
        assert!(bytes == expected, "{form:?}");
        assert_eq!(codes(&report), said);
        assert_eq!(report.n_traces, traces.len() as u64);
    };
    let form = ExportForm::default;
    same(&form(), &(0..230).collect::<Vec<_>>(), &[]);
    same(
        &ExportForm {
            traces: Some(15..49),
            ..form()
        },
        &(15..49).collect::<Vec<_>>(),
        &["traces_left_out"],
    );
    // By an alias of the header word, over chunks that hold no chosen trace at all.
    same(
        &ExportForm {
            filter: Some("offset > 5 and (tracl < 40 or tracl > 200)".to_owned()),
            ..form()
        },
        &(0..230)
            .filter(|&i| offset(i) > 5 && !(39..200).contains(&i))
            .collect::<Vec<_>>(),
        &["traces_left_out"],
    );
    let mut sorted: Vec<u64> = (0..230).collect();
    sorted.sort_by_key(|&i| offset(i));
    let by_offset = vec!["offset".to_owned()];
    same(
        &ExportForm {
            sort_by: by_offset.clone(),
            ..form()
        },
        &sorted,
        &["sorted"],
    );
    let mut chosen: Vec<u64> = (20..200).filter(|i| i % 3 != 0).collect();
    chosen.sort_by_key(|&i| (offset(i), i / 10));
    same(
        &ExportForm {
            traces: Some(20..200),
            filter: Some("trace_index % 3 <> 0".to_owned()),
            sort_by: vec!["offset".to_owned(), "ffid".to_owned()],
            ..form()
        },
        &chosen,
        &["sorted", "traces_left_out"],
    );
}

#[test]
fn sorted_traces_are_numbered_in_their_new_order() {
    let builder = SegyBuilder::new(60, 4).header_words(|trace, header| {
        header.i32(37, 1000 - trace as i32);
    });
    let imported = Imported::of(&builder);
    let form = ExportForm {
        sort_by: vec!["offset".to_owned()],
        renumber: true,
        ..ExportForm::default()
    };
    let (report, _) = imported.export(&form);
    assert_eq!(codes(&report), ["sorted", "trace_word", "trace_word"]);
    let file = opened(&imported.output());
    let window = file.window(0..60).unwrap();
    for i in 0..60 {
        let word = |byte| FieldKind::I32.read_i64(window.header(i), byte, ByteOrder::Big);
        let number = i64::try_from(i).unwrap();
        assert_eq!(word(1), Some(number + 1));
        assert_eq!(word(5), Some(number + 1));
        assert_eq!(word(21), Some(1059 - number), "the CDP goes with its trace");
    }
}

#[test]
fn what_a_format_cannot_hold_is_counted() {
    let values = [0.5, 1.0, -3.0, 300.25, 127.0, 1e30, -7.5, 2.5];
    let builder = SegyBuilder::new(20, values.len())
        .format(5)
        .samples(move |trace, sample| if trace == 3 { f64::NAN } else { values[sample] });
    let imported = Imported::of(&builder);
    let form = ExportForm {
        format: Some(SampleFormat::Int8),
        ..ExportForm::default()
    };
    let (report, _) = imported.export(&form);
    let said = |code: &str| {
        let change = report.changes.iter().find(|change| change.code() == code);
        change.unwrap().to_string()
    };
    // 19 traces: three are rounded, two clipped in each.
    assert_eq!(
        said("samples_rounded"),
        "57 samples of 160 were rounded to the nearest number of the format"
    );
    assert_eq!(
        said("samples_clipped"),
        "38 samples of 160 were clipped to the range of the format"
    );
    assert_eq!(
        said("not_numbers"),
        "8 samples not a number, which the format cannot say: zero was written"
    );
    let file = opened(&imported.output());
    let window = file.window(0..4).unwrap();
    let expected = [0, 1, -3, 127, 127, 127, -8, 2_i8].map(i8::cast_unsigned);
    assert_eq!(window.sample_bytes(0), expected);
    assert_eq!(window.sample_bytes(3), [0; 8]);
}

#[test]
fn ibm_words_that_no_float_gives_back_keep_their_bits_or_their_value() {
    let mut bytes = SegyBuilder::new(40, 6).bytes();
    let words = [
        0x4200_1234_u32,
        0x7f12_3456,
        0x4500_0000,
        0x7fff_ffff,
        0x8000_0000,
    ];
    let traces = [0, 17, 18, 25, 39];
    let place = |trace: usize, sample: usize| 3600 + trace * 264 + 240 + sample * 4;
    for (trace, word) in traces.into_iter().zip(words) {
        bytes[place(trace, 4)..][..4].copy_from_slice(&word.to_be_bytes());
    }
    let imported = Imported::bytes(&bytes);
    assert_eq!(imported.dataset.manifest().segy.n_exceptions, 3);
    let (_, little) = imported.export(&ExportForm {
        byte_order: Some(ByteOrder::Little),
        ..ExportForm::default()
    });
    let (report, wide) = imported.export(&ExportForm {
        format: Some(SampleFormat::Ieee64),
        filter: Some("trace_index in (17, 25, 39)".to_owned()),
        ..ExportForm::default()
    });
    assert!(!codes(&report).contains(&"samples_rounded"));
    assert!(!codes(&report).contains(&"samples_clipped"));
    for (trace, word) in traces.into_iter().zip(words) {
        assert_eq!(little[place(trace, 4)..][..4], word.to_le_bytes());
    }
    assert_eq!(
        wide[3600 + 240 + 32..][..8],
        decode_word_exact(words[1]).to_be_bytes()
    );
    // No exception, since encoding gives it back; yet no f32 holds its value.
    assert_eq!(
        wide[3600 + 288 + 240 + 32..][..8],
        decode_word_exact(words[3]).to_be_bytes()
    );
    let (report, _) = imported.export(&ExportForm {
        format: Some(SampleFormat::Ieee32),
        ..ExportForm::default()
    });
    let clipped = report
        .changes
        .iter()
        .find(|c| c.code() == "samples_clipped");
    assert!(matches!(
        clipped,
        Some(FormChange::SamplesClipped { n: 2, .. })
    ));
}

#[test]
fn revisions_change_words_and_drop_what_they_lack() {
    let texts = ["((SEG: Layout)) A", "B"];
    let builder = SegyBuilder::new(20, 11)
        .revision(2, 0)
        .format(6)
        .extended(Extended::Declared, &texts)
        .additional_headers(1)
        .trailer(b"((SEG: END)) ");
    let imported = Imported::of(&builder);
    let form = |revision: &str, format: &str| ExportForm {
        revision: ExportForm::parse_revision(revision),
        format: ExportForm::parse_format(format),
        ..ExportForm::default()
    };
    let (report, bytes) = imported.export(&form("0", "ibm"));
    let expected = [
        "revision",
        "additional_trace_headers_left_out",
        "sample_format",
        "bytes_left_out",
        "extended_text_headers_left_out",
    ];
    assert_eq!(codes(&report)[..5], expected);
    assert_eq!(bytes.len(), 3600 + 20 * (240 + 44));
    assert_eq!(bytes[3500..3506], [0; 6]);
    assert_eq!(bytes[3268..3272], [0; 4], "samples of revision 2");
    let file = opened(&imported.output());
    assert_eq!(file.layout().revision.value.to_string(), "0.0");
    assert_eq!(file.layout().n_traces, 20);

    let (report, bytes) = imported.export(&form("1", "5"));
    assert!(!codes(&report).contains(&"extended_text_headers_left_out"));
    assert_eq!(bytes[3500..3506], [1, 0, 0, 1, 0, 2]);
    assert_eq!(bytes.len(), 3600 + 6400 + 20 * (240 + 44));

    // What breaks a rule is done, and said.
    let (report, _) = imported.export(&form("1", "float64"));
    let rule = report
        .changes
        .iter()
        .find(|c| c.code() == "against_the_standard");
    assert!(rule.unwrap().to_string().contains("since revision 2"));

    let (report, bytes) = imported.export(&form("2.1", "float64"));
    assert!(!codes(&report).contains(&"additional_trace_headers_left_out"));
    assert_eq!(bytes[3500..3502], [2, 1]);
    assert_eq!(bytes[3506..3508], [0, 1], "two bytes in revision 2.1");
    let file = opened(&imported.output());
    assert_eq!(file.layout().n_additional_trace_headers.value, 1);
    assert_eq!(file.layout().n_traces, 20);
}

#[test]
fn what_needs_a_newer_revision_raises_it_and_says_why() {
    let imported = Imported::of(&SegyBuilder::new(20, 11));
    let (report, _) = imported.export(&ExportForm {
        byte_order: Some(ByteOrder::Little),
        ..ExportForm::default()
    });
    assert_eq!(report.revision, Some(Revision { major: 2, minor: 0 }));
    let said = report.changes.first().unwrap().to_string();
    assert_eq!(
        said,
        "SEG-Y revision 2.0 instead of 1.0, because before revision 2 all files are big-endian"
    );
    let file = opened(&imported.output());
    assert_eq!(file.layout().byte_order.value, ByteOrder::Little);
    assert!(
        file.layout().warnings.is_empty(),
        "{:?}",
        file.layout().warnings
    );
}

#[test]
fn more_samples_than_a_short_word_counts_need_revision_2() {
    let imported = Imported::of(&SegyBuilder::new(2, 70_000).revision(2, 0).format(8));
    let revision = |text| ExportForm {
        revision: ExportForm::parse_revision(text),
        ..ExportForm::default()
    };
    let refused = imported.refusal(&revision("1"));
    assert!(
        refused.contains("counts at most") || refused.contains("holds at most"),
        "{refused}"
    );
    let refused = imported.refusal(&ExportForm {
        kind: FileKind::SeismicUnix,
        ..ExportForm::default()
    });
    assert!(
        refused.contains("counts at most") || refused.contains("holds at most"),
        "{refused}"
    );
    let (report, _) = imported.export(&revision("2.1"));
    assert_eq!(report.n_samples, 70_000);
    assert_eq!(opened(&imported.output()).layout().n_samples.value, 70_000);
}

#[test]
fn the_text_is_edited_and_put_into_another_code() {
    let builder = SegyBuilder::new(20, 5).extended(Extended::Declared, &["MORE WORDS"]);
    let imported = Imported::of(&builder);
    let (report, _) = imported.export(&ExportForm {
        text_lines: vec![(2, "C 2 ANOTHER LINE".to_owned())],
        text_encoding: Some(TextEncoding::Ascii),
        ..ExportForm::default()
    });
    assert_eq!(codes(&report), ["text_encoding", "text_lines"]);
    let file = opened(&imported.output());
    assert_eq!(file.text_encoding_of_header(), TextEncoding::Ascii);
    let lines = file.textual_header().lines();
    assert_eq!(lines[..2], ["C 1 CLIENT NOBODY", "C 2 ANOTHER LINE"]);
    assert_eq!(file.extended_textual_headers()[0].lines()[0], "MORE WORDS");
    let (report, _) = imported.export(&ExportForm {
        text: Some(vec!["C 1 ALL NEW".to_owned()]),
        ..ExportForm::default()
    });
    assert_eq!(
        report.changes,
        [FormChange::TextLines { lines: vec![1, 2] }]
    );
    let lines = opened(&imported.output()).textual_header().lines();
    assert_eq!(lines[..3], ["C 1 ALL NEW", "", ""]);
}

trait TextOf {
    fn text_encoding_of_header(&self) -> TextEncoding;
}

impl TextOf for SegyFile {
    fn text_encoding_of_header(&self) -> TextEncoding {
        self.layout().text_encoding.value
    }
}

#[test]
fn a_window_of_times_keeps_its_samples_and_moves_the_delay() {
    let builder = SegyBuilder::new(20, 50)
        .delay_millis(100)
        .header_words(|trace, header| {
            if trace == 7 {
                header.i16(109, 500);
            }
        });
    let imported = Imported::of(&builder);
    let (report, _) = imported.export(&ExportForm {
        window_millis: Some(118.0..=160.0),
        ..ExportForm::default()
    });
    // 100, 104 … 296 ms: samples 5 (120 ms) to 15 (160 ms).
    assert_eq!(report.n_samples, 11);
    assert_eq!(
        report.changes[0].to_string(),
        "5 samples before and 34 behind the chosen times left out of each trace"
    );
    let (file, source) = (opened(&imported.output()), builder.bytes());
    let window = file.window(0..20).unwrap();
    for i in 0..20 {
        let at = 3600 + i * builder.stride_bytes() + 240 + 5 * 4;
        assert_eq!(window.sample_bytes(i), &source[at..at + 44]);
        let word = |byte| FieldKind::I16.read_i64(window.header(i), byte, ByteOrder::Big);
        assert_eq!(word(109), Some(if i == 7 { 520 } else { 120 }));
        assert_eq!(word(115), Some(11));
    }
    let refused = imported.refusal(&ExportForm {
        window_millis: Some(400.0..=500.0),
        ..ExportForm::default()
    });
    assert!(refused.contains("from 100 to 296 ms"), "{refused}");
}

#[test]
fn seismic_unix_has_traces_only() {
    let builder = SegyBuilder::new(20, 8);
    let imported = Imported::of(&builder);
    let (report, bytes) = imported.export(&ExportForm {
        kind: FileKind::SeismicUnix,
        ..ExportForm::default()
    });
    assert_eq!(bytes.len(), 20 * (240 + 32));
    assert_eq!(
        codes(&report),
        [
            "sample_format",
            "byte_order",
            "file_headers_left_out",
            "seismic_unix_words_cleared"
        ]
    );
    for trace in 0..20 {
        let bytes = &bytes[trace * 272..][..272];
        let number = i32::try_from(trace).unwrap();
        assert_eq!(bytes[..4], (number + 1).to_le_bytes());
        assert_eq!(bytes[114..118], [8, 0, 0xa0, 0x0f], "ns and dt");
        assert_eq!(bytes[180..240], [0; 60]);
        for sample in 0..8 {
            let expected = builder.stored_value(trace as u64, sample) as f32;
            assert_eq!(bytes[240 + 4 * sample..][..4], expected.to_le_bytes());
        }
    }
    let refused = imported.refusal(&ExportForm {
        kind: FileKind::SeismicUnix,
        format: Some(SampleFormat::Int16),
        ..ExportForm::default()
    });
    assert!(refused.contains("IEEE floats"), "{refused}");
}

#[test]
fn forms_that_do_not_fit_are_refused_with_a_remedy() {
    let imported = Imported::of(&SegyBuilder::new(20, 5));
    let form = ExportForm::default;
    let cases = [
        (
            ExportForm {
                traces: Some(5..21),
                ..form()
            },
            "0..20",
        ),
        (
            ExportForm {
                filter: Some("ofset > 3".to_owned()),
                ..form()
            },
            "ofset",
        ),
        (
            ExportForm {
                filter: Some("offset > 3".to_owned()),
                ..form()
            },
            "no trace fulfils",
        ),
        (
            ExportForm {
                sort_by: vec!["nothing".to_owned()],
                ..form()
            },
            "no header column nothing",
        ),
        (
            ExportForm {
                sort_by: vec!["raw_header".to_owned()],
                ..form()
            },
            "holds no numbers",
        ),
        (
            ExportForm {
                format: Some(SampleFormat::FixedPointWithGain),
                ..form()
            },
            "not written",
        ),
        (
            ExportForm {
                text: Some(vec!["X".repeat(81)]),
                ..form()
            },
            "81 characters",
        ),
        (
            ExportForm {
                text_lines: vec![(41, "X".to_owned())],
                ..form()
            },
            "no line 41",
        ),
    ];
    for (form, words) in cases {
        let refused = imported.refusal(&form);
        assert!(refused.contains(words), "{refused}");
    }
}

#[test]
fn the_imported_file_is_never_replaced() {
    let imported = Imported::of(&SegyBuilder::new(20, 5));
    let source = imported.folder.path().join("source.sgy");
    let before = std::fs::read(&source).unwrap();
    let form = ExportForm {
        format: Some(SampleFormat::Int8),
        ..ExportForm::default()
    };
    let context = JobContext::default();
    let stop = export_form(&imported.dataset, &form, &source, true, &context).unwrap_err();
    assert!(
        stop.to_string().contains("the imported file itself"),
        "{stop}"
    );
    assert_eq!(std::fs::read(&source).unwrap(), before);
    let inside = imported.dataset.path().join("x.sgy");
    let stop = export_form(&imported.dataset, &form, &inside, true, &context).unwrap_err();
    assert!(stop.to_string().contains("inside"), "{stop}");
}

#[test]
fn a_cancelled_export_leaves_nothing_behind() {
    let imported = Imported::of(&SegyBuilder::new(200, 5));
    let context = JobContext::default();
    context.cancel.cancel();
    for sort_by in [vec![], vec!["cdp".to_owned()]] {
        let form = ExportForm {
            sort_by,
            renumber: true,
            ..ExportForm::default()
        };
        let end = export_form(
            &imported.dataset,
            &form,
            &imported.output(),
            false,
            &context,
        );
        assert!(matches!(end, Err(Stop::Cancelled)));
        let left = made_files::names(imported.folder.path());
        assert_eq!(left, ["source.sgy", "source.shotpoint"]);
    }
}

#[test]
fn a_plan_tells_beforehand_what_will_differ() {
    let imported = Imported::of(&SegyBuilder::new(20, 5).text(Text::Ascii));
    let form = ExportForm {
        format: Some(SampleFormat::Ieee32),
        byte_order: Some(ByteOrder::Little),
        ..ExportForm::default()
    };
    let plan = FormPlan::new(&imported.dataset, &form).unwrap();
    let codes: Vec<&str> = plan.changes().iter().map(FormChange::code).collect();
    assert_eq!(codes, ["revision", "sample_format", "byte_order"]);
    assert_eq!(plan.most_bytes(), 3600 + 20 * 260);
}

#[test]
fn traces_of_varying_length_keep_it_or_are_filled_up() {
    let length = |trace: u64| 5 + (trace as usize * 7) % 9;
    let builder = SegyBuilder::new(50, 13).format(5).lengths(length);
    let source = builder.bytes();
    let imported = Imported::of(&builder);
    let mut order: Vec<u64> = (0..50).collect();
    order.sort_by_key(|&i| length(i));
    let form = ExportForm {
        sort_by: vec!["n_samples_in_file".to_owned()],
        ..ExportForm::default()
    };
    let (report, bytes) = imported.export(&form);
    let begin = |trace: u64| 3600 + (0..trace).map(|i| 240 + 4 * length(i)).sum::<usize>();
    let mut expected = source[..3600].to_vec();
    for &i in &order {
        expected.extend(&source[begin(i)..begin(i + 1)]);
    }
    assert!(bytes == expected);
    assert_eq!(codes(&report), ["sorted"]);

    let (report, bytes) = imported.export(&ExportForm {
        kind: FileKind::SeismicUnix,
        byte_order: Some(ByteOrder::Big),
        ..ExportForm::default()
    });
    assert_eq!(bytes.len(), 50 * (240 + 52));
    assert!(codes(&report).contains(&"traces_filled_up"));
    for trace in 0..50 {
        let samples = &bytes[trace as usize * 292 + 240..][..52];
        let own = 4 * length(trace);
        assert_eq!(samples[..own], source[begin(trace) + 240..begin(trace + 1)]);
        assert!(samples[own..].iter().all(|&byte| byte == 0));
    }
}

#[test]
fn verify_says_what_was_compared_and_names_what_is_damaged() {
    let imported = Imported::of(&SegyBuilder::new(100, 20).format(5));
    let context = JobContext::default();
    let report = verify(&imported.dataset, None, &context).unwrap();
    assert!(report.is_sound());
    assert_eq!(report.bytes, 3600 + 100 * 320);
    assert!(report.damaged.is_empty() && report.seconds >= 0.0);
    assert_eq!(context.progress.snapshot().fraction(), Some(1.0));

    // One bit of one chunk.
    let mut shards = Vec::new();
    collect_files(
        &imported.dataset.path().join("traces.zarr/amplitude/c"),
        &mut shards,
    );
    let mut bytes = std::fs::read(&shards[0]).unwrap();
    bytes[40] ^= 1;
    std::fs::write(&shards[0], bytes).unwrap();
    let dataset = Dataset::open(imported.dataset.path()).unwrap();
    let report = verify(&dataset, None, &context).unwrap();
    assert!(!report.is_sound());
    assert_eq!(report.export_sha256, None);
    assert_eq!(report.damaged.len(), 1);
    let damaged = &report.damaged[0];
    assert_eq!((damaged.start % 16, damaged.end - damaged.start), (0, 16));
    assert!(report.faults[0].contains("chunk"), "{:?}", report.faults);
}

fn collect_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect_files(&path, found);
        } else {
            found.push(path);
        }
    }
    found.sort();
}
