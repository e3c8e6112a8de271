//! The built program, run as a user runs it.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn shotpoint(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_shotpoint"))
        .args(arguments)
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Standard output of a command that must succeed.
fn done(arguments: &[&str]) -> String {
    let output = shotpoint(arguments);
    assert!(
        output.status.success(),
        "{arguments:?} failed: {}",
        text(&output.stderr)
    );
    text(&output.stdout)
}

fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&done(arguments)).unwrap()
}

/// Standard error of a command that must fail with this exit code.
fn failed(code: i32, arguments: &[&str]) -> String {
    let output = shotpoint(arguments);
    assert_eq!(
        output.status.code(),
        Some(code),
        "{arguments:?}: {}",
        text(&output.stderr)
    );
    text(&output.stderr)
}

/// The demo's folder, made once for a test.
struct Demo {
    folder: tempfile::TempDir,
}

impl Demo {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        done(&["demo", "--output", folder.path().to_str().unwrap()]);
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }
}

fn is_png(path: &Path) -> bool {
    fs::read(path).unwrap().starts_with(b"\x89PNG\r\n\x1a\n")
}

#[test]
fn without_a_display_the_demo_makes_a_dataset_a_report_and_a_picture() {
    let folder = tempfile::tempdir().unwrap();
    let report = done(&["demo", "--output", folder.path().to_str().unwrap()]);
    assert!(report.contains("3 840 of 751 samples"), "{report}");
    assert!(
        report.contains("40 by orig_field_record_num, 96 traces each"),
        "{report}"
    );
    let picture = folder.path().join("sample-shot.png");
    assert!(report.contains(picture.to_str().unwrap()), "{report}");
    assert!(is_png(&picture));
    assert!(
        folder
            .path()
            .join("sample-shots.shotpoint/manifest.json")
            .is_file()
    );
}

#[test]
fn scan_says_what_is_in_the_file_and_how_it_knows() {
    let demo = Demo::new();
    let scan = json(&["scan", &demo.text("sample-shots.sgy"), "--json"]);
    assert_eq!(scan["n_traces"], 3840);
    assert_eq!(scan["n_samples"], 751);
    assert_eq!(scan["interval_us"], 4000.0);
    assert_eq!(scan["format_code"], 1);
    assert_eq!(scan["byte_order"], "big");
    assert_eq!(scan["text_encoding"], "ebcdic");
    assert_eq!(scan["revision"], "1.0");
    assert!(scan["text_line_1"].as_str().unwrap().starts_with("C 1"));
    assert!(
        scan["decided_by"]["n_samples"]
            .as_str()
            .is_some_and(|text| !text.is_empty())
    );
    let human = done(&["scan", &demo.text("sample-shots.sgy")]);
    assert!(human.contains("Possible gather keys"), "{human}");
}

#[test]
fn import_export_and_verify_give_the_file_back_byte_for_byte() {
    let demo = Demo::new();
    let (file, dataset, copy) = (
        demo.text("sample-shots.sgy"),
        demo.text("again.shotpoint"),
        demo.text("copy.sgy"),
    );
    let report = json(&[
        "import",
        &file,
        "-o",
        &dataset,
        "--mode",
        "streaming",
        "--ensemble",
        "ffid",
        "--json",
    ]);
    assert_eq!(report["n_traces"], 3840);
    assert_eq!(report["n_ensembles"], 40);
    assert_eq!(report["mode"], "streaming");
    assert_eq!(
        report["bytes_in"].as_u64().unwrap(),
        fs::metadata(&file).unwrap().len()
    );
    for name in [
        "dataset",
        "n_samples",
        "sample_format",
        "seconds",
        "traces_per_second",
        "bytes_out",
        "compression_ratio",
        "warnings",
    ] {
        assert!(report.get(name).is_some(), "no {name} in {report}");
    }
    done(&["export", &dataset, "-o", &copy]);
    assert_eq!(fs::read(&file).unwrap(), fs::read(&copy).unwrap());
    let verified = json(&["verify", &dataset, "--against", &file, "--json"]);
    assert_eq!(verified["sound"], true);
    let info = json(&["info", &dataset, "--json"]);
    assert_eq!(info["array"]["n_traces"], 3840);
    assert!(done(&["info", &dataset]).contains("SHA-256"));
}

#[test]
fn another_form_is_exported_and_says_what_differs() {
    let demo = Demo::new();
    let dataset = demo.text("sample-shots.shotpoint");
    let near = demo.text("near.sgy");
    let report = json(&[
        "export",
        &dataset,
        "-o",
        &near,
        "--where",
        "ffid in (1003, 1004) and offset < 500",
        "--sort",
        "offset,ffid",
        "--format",
        "ieee",
        "--byte-order",
        "little",
        "--text-line",
        "C 2 NEAR OFFSETS",
        "--renumber",
        "--json",
    ]);
    assert_eq!(report["exact"], false);
    assert_eq!(report["format_code"], 5);
    assert_eq!(report["byte_order"], "little");
    assert_eq!(report["revision"], "2.0");
    let codes: Vec<&str> = report["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| change["code"].as_str().unwrap())
        .collect();
    for code in [
        "revision",
        "sorted",
        "traces_left_out",
        "text_lines",
        "trace_word",
    ] {
        assert!(codes.contains(&code), "no {code} in {codes:?}");
    }
    let scanned = json(&["scan", &near, "--json"]);
    assert_eq!(scanned["n_traces"], report["n_traces"]);
    assert_eq!(scanned["byte_order"], "little");
    let said = done(&["export", &dataset, "-o", &demo.text("a.su"), "--to", "su"]);
    assert!(said.contains("Seismic Unix"), "{said}");

    failed(2, &["export", &dataset, "-o", &near, "--format", "double"]);
    let unknown = failed(1, &["export", &dataset, "-o", &near, "--sort", "ofset"]);
    assert!(unknown.contains("no header column ofset"), "{unknown}");
    let exists = failed(
        1,
        &[
            "export",
            &dataset,
            "-o",
            &near,
            "--format",
            "ibm",
            "--renumber",
        ],
    );
    assert!(exists.contains("--overwrite"), "{exists}");
}

#[test]
fn an_import_ends_with_its_proof_where_asked() {
    let demo = Demo::new();
    let file = demo.text("sample-shots.sgy");
    let proved = demo.text("proved.shotpoint");
    let report = json(&["import", &file, "-o", &proved, "--verify", "--json"]);
    let verified = &report["verified"];
    assert_eq!(verified["sound"], true);
    assert_eq!(verified["bytes"], fs::metadata(&file).unwrap().len());
    assert_eq!(verified["export_sha256"], verified["source_sha256"]);
    let said = done(&["import", &file, "-o", &proved, "--overwrite", "--verify"]);
    assert!(said.contains("Sound: everything reads back"), "{said}");
}

#[test]
fn headers_are_chosen_filtered_and_printed_in_three_forms() {
    let demo = Demo::new();
    let dataset = demo.text("sample-shots.shotpoint");
    let csv = done(&[
        "headers",
        &dataset,
        "--select",
        "trace_index,ffid,offset",
        "--where",
        "ffid = 1003 and offset < 200",
        "--format",
        "csv",
    ]);
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(
        lines[0],
        "trace_index,orig_field_record_num,source_to_receiver_distance"
    );
    assert_eq!(lines[1..], ["192,1003,125", "193,1003,150", "194,1003,175"]);
    let rows = done(&[
        "headers", &dataset, "--select", "ffid", "--limit", "2", "--format", "json",
    ]);
    let first: Value = serde_json::from_str(rows.lines().next().unwrap()).unwrap();
    assert_eq!(first["orig_field_record_num"], 1001);
    assert_eq!(rows.lines().count(), 2);
    assert!(done(&["headers", &dataset, "--limit", "3"]).contains("orig_field_record_num"));
    assert!(failed(1, &["headers", &dataset, "--where", "ofset < 3"]).contains("ofset"));
}

#[test]
fn ensembles_are_listed_as_found_or_by_another_key() {
    let demo = Demo::new();
    let dataset = demo.text("sample-shots.shotpoint");
    let found = json(&["ensembles", &dataset, "--json"]);
    assert_eq!(found["n_ensembles"], 40);
    assert_eq!(found["ensembles"][1]["start_trace"], 96);
    assert_eq!(found["ensembles"][1]["keys"][0], 1002);
    let by_offset = json(&["ensembles", &dataset, "--by", "offset", "--json"]);
    assert_eq!(by_offset["n_ensembles"], 96);
    assert_eq!(by_offset["ensembles"][0]["n_traces"], 40);
}

#[test]
fn gathers_are_drawn_from_a_dataset_and_from_a_file() {
    let demo = Demo::new();
    let (file, dataset, picture) = (
        demo.text("sample-shots.sgy"),
        demo.text("sample-shots.shotpoint"),
        demo.path("gather.png"),
    );
    let output = picture.to_str().unwrap();
    for mode in [
        "density",
        "wiggle",
        "wiggle-lines",
        "variable-area",
        "density-wiggle",
    ] {
        done(&[
            "render",
            &dataset,
            "--gather",
            "ffid=1010",
            "-o",
            output,
            "--mode",
            mode,
            "--size",
            "600x400",
        ]);
        assert!(is_png(&picture));
    }
    done(&[
        "render",
        &file,
        "--traces",
        "0..50",
        "-o",
        output,
        "--colours",
        "petrel",
    ]);
    let sentence = failed(
        1,
        &["render", &dataset, "--gather", "ffid=5000", "-o", output],
    );
    assert!(sentence.contains("nearest is 1040"), "{sentence}");
}

#[test]
fn bad_input_gets_one_sentence_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(path("empty.sgy"), b"").unwrap();
    fs::write(path("text.sgy"), "this is not seismic\n".repeat(400)).unwrap();
    fs::write(
        path("pointer.sgy"),
        "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12345\n",
    )
    .unwrap();
    for name in ["missing.sgy", "empty.sgy", "text.sgy", "pointer.sgy"] {
        let sentence = failed(1, &["import", &path(name)]);
        assert!(
            sentence.starts_with("shotpoint: ") && sentence.trim().lines().count() == 1,
            "{sentence}"
        );
        assert!(sentence.contains(name), "the path is missing: {sentence}");
    }
    assert!(failed(1, &["import", &path("pointer.sgy")]).contains("LFS"));
    assert!(failed(1, &["info", folder.path().to_str().unwrap()]).contains("manifest.json"));
    let left: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left.len(), 3, "something was left behind: {left:?}");
}

#[test]
fn settings_that_do_not_fit_are_refused_before_anything_is_written() {
    let demo = Demo::new();
    let file = demo.text("sample-shots.sgy");
    let fresh = demo.text("fresh.shotpoint");
    let outside = failed(
        1,
        &["import", &file, "-o", &fresh, "--map", "cable=239:i32"],
    );
    assert!(
        outside.contains("239") && outside.contains("240"),
        "{outside}"
    );
    let unknown = failed(
        1,
        &["import", &file, "-o", &fresh, "--ensemble", "nonsense"],
    );
    assert!(unknown.contains("nonsense"), "{unknown}");
    let exists = failed(1, &["import", &file]);
    assert!(exists.contains("--overwrite"), "{exists}");
    let nowhere = failed(
        1,
        &[
            "import",
            &file,
            "-o",
            &demo.text("no/such/folder/x.shotpoint"),
        ],
    );
    assert!(nowhere.contains("folder"), "{nowhere}");
    assert!(
        !demo.path("fresh.shotpoint").exists() && !demo.path("fresh.shotpoint.partial").exists()
    );
    done(&["import", &file, "--overwrite"]);
}

#[test]
fn wrong_usage_exits_with_two_and_help_teaches() {
    failed(2, &["import"]);
    failed(2, &["render", "x", "-o", "y.png"]);
    let help = done(&["--help"]);
    for word in [
        "demo",
        "scan",
        "import",
        "export",
        "verify",
        "Examples",
        "Exit codes",
    ] {
        assert!(help.contains(word), "no {word} in the help");
    }
    assert!(failed(1, &[]).contains("display"));
}

/// A process that imports a large file, caught while it writes; and where its output would lie.
#[cfg(unix)]
fn import_under_way(demo: &Demo) -> (std::process::Child, PathBuf) {
    use std::time::{Duration, Instant};

    // A larger file out of the small one: the same traces many times over.
    let small = fs::read(demo.path("sample-shots.sgy")).unwrap();
    let mut large = small.clone();
    for _ in 0..30 {
        large.extend_from_slice(&small[3600..]);
    }
    fs::write(demo.path("large.sgy"), &large).unwrap();
    let partial = demo.path("large.shotpoint.partial");
    if partial.exists() {
        // What an earlier import left would be taken for this one's.
        fs::remove_dir_all(&partial).unwrap();
    }
    let mut child = Command::new(env!("CARGO_BIN_EXE_shotpoint"))
        .args([
            "import",
            &demo.text("large.sgy"),
            "--mode",
            "streaming",
            "--threads",
            "1",
            "--codec",
            "small",
        ])
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let began = Instant::now();
    while !partial.exists()
        && child.try_wait().unwrap().is_none()
        && began.elapsed() < Duration::from_mins(1)
    {
        std::thread::sleep(Duration::from_millis(2));
    }
    assert!(partial.exists(), "the import was over too soon");
    (child, partial)
}

#[cfg(unix)]
fn signal(child: &std::process::Child, name: &str) {
    Command::new("kill")
        .args([name, &child.id().to_string()])
        .status()
        .unwrap();
}

#[cfg(unix)]
#[test]
fn an_interrupt_or_a_request_to_end_cancels_and_leaves_nothing() {
    let demo = Demo::new();
    for name in ["-INT", "-TERM"] {
        let (mut child, partial) = import_under_way(&demo);
        signal(&child, name);
        assert_eq!(child.wait().unwrap().code(), Some(130), "{name}");
        assert!(!partial.exists() && !demo.path("large.shotpoint").exists());
    }
}

/// The first interrupt of a stopped process waits in line with the second: both are seen before
/// the import can clean up, so that the second ends it. What it leaves, the next import replaces.
#[cfg(unix)]
#[test]
fn a_second_interrupt_ends_at_once_and_the_next_import_cleans_up() {
    let demo = Demo::new();
    let (mut child, _) = import_under_way(&demo);
    for name in ["-STOP", "-INT", "-TERM", "-CONT"] {
        signal(&child, name);
    }
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let (mut child, partial) = import_under_way(&demo);
    signal(&child, "-KILL");
    assert_eq!(child.wait().unwrap().code(), None);
    assert!(partial.exists());
    done(&["import", &demo.text("large.sgy"), "--traces", "0..1000"]);
    assert!(!partial.exists() && demo.path("large.shotpoint").exists());
}
