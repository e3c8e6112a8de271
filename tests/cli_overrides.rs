//! What the user knows better than the file, given to the built program: each option changes the
//! reading as it should, and nonsense gets a sentence that helps.

#![expect(clippy::unwrap_used, reason = "tests")]

mod support;

use std::process::{Command, Output};

use serde_json::{Value, json};
use support::{Extended, Order, SegyBuilder};

/// A folder with one file in it.
struct Made {
    folder: tempfile::TempDir,
    bytes: Vec<u8>,
}

impl Made {
    fn of(builder: &SegyBuilder) -> Self {
        Self::of_bytes(builder.bytes())
    }

    fn of_bytes(bytes: Vec<u8>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.sgy"), &bytes).unwrap();
        Self { folder, bytes }
    }

    fn run(&self, command: &str, options: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_shotpoint"))
            .arg(command)
            .arg(self.folder.path().join("a.sgy"))
            .args(options)
            .env("XDG_DATA_HOME", self.folder.path())
            .output()
            .unwrap()
    }

    fn scan(&self, options: &[&str]) -> Value {
        let output = self.run("scan", &[options, &["--json"]].concat());
        assert!(output.status.success(), "{options:?}: {}", said(&output));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// Standard error of a scan that must end with this code.
    fn refused(&self, code: i32, options: &[&str]) -> String {
        let output = self.run("scan", options);
        assert_eq!(
            output.status.code(),
            Some(code),
            "{options:?}: {}",
            said(&output)
        );
        said(&output)
    }

    /// Imports by these options and exports; asserts the same bytes. Gives what `info` says.
    fn imported(&self, options: &[&str]) -> Value {
        let output = self.run("import", options);
        assert!(output.status.success(), "{options:?}: {}", said(&output));
        let (dataset, copy) = (self.path("a.shotpoint"), self.path("copy.sgy"));
        let program = |arguments: &[&str]| {
            let output = Command::new(env!("CARGO_BIN_EXE_shotpoint"))
                .args(arguments)
                .output()
                .unwrap();
            assert!(output.status.success(), "{}", said(&output));
            output.stdout
        };
        program(&["export", &dataset, "-o", &copy]);
        assert!(std::fs::read(&copy).unwrap() == self.bytes, "{options:?}");
        serde_json::from_slice(&program(&["info", &dataset, "--json"])).unwrap()
    }

    fn path(&self, name: &str) -> String {
        let path = self.folder.path();
        path.join(name).to_str().unwrap().to_owned()
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Traces, samples, first byte of the first trace.
fn facts(scan: &Value) -> [u64; 3] {
    ["n_traces", "n_samples", "data_start"].map(|key| scan[key].as_u64().unwrap())
}

fn warned(scan: &Value, code: &str) -> Option<String> {
    let warnings = scan["warnings"].as_array().unwrap();
    let found = warnings.iter().find(|warning| warning["code"] == code)?;
    Some(found["message"].as_str().unwrap().to_owned())
}

/// Traces that are as long as a textual header: 240 + 4 × 740 bytes.
fn of_3200_bytes() -> Made {
    Made::of(&SegyBuilder::new(20, 740))
}

#[test]
fn extended_headers_move_the_first_trace() {
    let made = of_3200_bytes();
    assert_eq!(facts(&made.scan(&[])), [20, 740, 3600]);
    let told = made.scan(&["--extended-headers", "1"]);
    assert_eq!(facts(&told), [19, 740, 6800]);
    assert_eq!(told["n_extended_text_headers"], 1);
    let why = &told["decided_by"]["n_extended_text_headers"];
    assert_eq!(why, "given by the user");
    let info = made.imported(&["--extended-headers", "2"]);
    assert_eq!(info["segy"]["file_header_bytes"], 10_000);
    let far = made.refused(1, &["--extended-headers", "1000"]);
    assert!(
        far.contains("--extended-headers") && far.contains("67 600 bytes"),
        "{far}"
    );
    for nonsense in ["-1", "some", "1.5"] {
        let sentence = made.refused(2, &["--extended-headers", nonsense]);
        assert!(sentence.contains(nonsense), "{sentence}");
    }
}

#[test]
fn trace_header_extensions_that_nobody_announced_are_stepped_over() {
    let builder = SegyBuilder::new(20, 75)
        .additional_headers(1)
        .binary_i16(3507, 0);
    let made = Made::of(&builder);
    let silent = made.refused(1, &[]);
    assert!(silent.contains("--samples 135"), "{silent}");
    let told = made.scan(&["--trace-header-extensions", "1"]);
    assert_eq!(facts(&told), [20, 75, 3600]);
    assert_eq!(told["n_additional_trace_headers"], 1);
    let info = made.imported(&["--trace-header-extensions", "1"]);
    assert_eq!(info["segy"]["n_additional_trace_headers"], 1);
    let sentence = made.refused(2, &["--trace-header-extensions", "many"]);
    assert!(sentence.contains("many"), "{sentence}");
    let none_fit = made.refused(1, &["--trace-header-extensions", "4000000000"]);
    assert!(
        none_fit.contains("--samples") || none_fit.contains("no whole trace"),
        "{none_fit}"
    );
}

#[test]
fn the_first_trace_can_be_placed() {
    let made = of_3200_bytes();
    let told = made.scan(&["--first-trace", "10000"]);
    assert_eq!(facts(&told), [18, 740, 10_000]);
    assert_eq!(told["decided_by"]["data_start"], "given by the user");
    let info = made.imported(&["--first-trace", "10000"]);
    assert_eq!(info["segy"]["file_header_bytes"], 10_000);
    let far = made.refused(1, &["--first-trace", "99999999"]);
    assert!(
        far.contains("99 999 999") && far.contains("--first-trace"),
        "{far}"
    );
    for nonsense in ["-5", "0x10", "first"] {
        let sentence = made.refused(2, &["--first-trace", nonsense]);
        assert!(sentence.contains(nonsense), "{sentence}");
    }
}

/// The kit's traces of varying length.
fn varying() -> SegyBuilder {
    SegyBuilder::new(40, 100).lengths(|trace| 60 + usize::try_from(trace * 37 % 41).unwrap())
}

#[test]
fn the_length_of_traces_can_be_demanded() {
    let made = Made::of(&varying());
    let found = made.scan(&[]);
    assert_eq!(found["trace_lengths_vary"], true);
    assert_eq!(
        found["trace_n_samples"],
        json!({ "shortest": 60, "longest": 100 })
    );
    let told = made.scan(&["--trace-length", "varying"]);
    assert_eq!(facts(&told), facts(&found));
    made.imported(&["--trace-length", "varying"]);
    let fixed = made.run(
        "scan",
        &["--trace-length", "fixed", "--samples", "100", "--json"],
    );
    let fixed: Value = serde_json::from_slice(&fixed.stdout).unwrap();
    assert_eq!(fixed["trace_lengths_vary"], false);
    let lying = SegyBuilder::new(20, 75).header_words(|_, header| {
        header.i16(115, 91);
    });
    let equal = Made::of(&lying);
    let sentence = equal.refused(1, &["--trace-length", "varying"]);
    assert!(
        sentence.contains("leave --trace-length varying away"),
        "{sentence}"
    );
    let sentence = equal.refused(2, &["--trace-length", "long"]);
    assert!(
        sentence.contains("fixed") && sentence.contains("varying"),
        "{sentence}"
    );
}

#[test]
fn gaps_between_traces_stand_in_the_json() {
    let made = Made::of(
        &SegyBuilder::new(40, 75)
            .gap(7, &[0x5a; 100])
            .gap(21, &[0x5a; 33]),
    );
    let scan = made.scan(&[]);
    let gaps = scan["gaps"].as_array().unwrap();
    let of =
        |key: &str| -> Vec<u64> { gaps.iter().map(|gap| gap[key].as_u64().unwrap()).collect() };
    assert_eq!(
        (of("before_trace"), of("n_bytes")),
        (vec![7, 21], vec![100, 33])
    );
    assert_eq!(of("position")[0], 3600 + 7 * 540);
    assert_eq!(scan["n_traces"], 40);
    made.imported(&[]);
}

#[test]
fn the_container_can_be_demanded() {
    let segy = Made::of(&SegyBuilder::new(12, 51).format(5));
    assert_eq!(segy.scan(&["--container", "segy"])["container"], "segy");
    let sentence = segy.refused(1, &["--container", "seismic-unix"]);
    assert!(sentence.contains("leave --container away"), "{sentence}");
    let su = Made::of(&SegyBuilder::new(12, 51).seismic_unix());
    assert_eq!(su.scan(&[])["container"], "seismic-unix");
    let told = su.scan(&["--container", "seismic-unix"]);
    assert_eq!(facts(&told), [12, 51, 0]);
    su.imported(&["--container", "seismic-unix"]);
    assert!(!su.run("scan", &["--container", "segy"]).status.success());
    let sentence = su.refused(2, &["--container", "segd"]);
    assert!(sentence.contains("seismic-unix"), "{sentence}");
}

#[test]
fn pairwise_swapped_bytes_can_be_demanded() {
    // Without numbers in words of four bytes, nothing but the samples tells it from little-endian.
    let builder = SegyBuilder::new(20, 75)
        .order(Order::PairSwapped)
        .header_words(|_, header| {
            for byte in [1, 5, 9, 13, 21, 189, 193] {
                header.i32(byte, 0);
            }
        });
    let made = Made::of(&builder);
    assert_eq!(made.scan(&[])["byte_order"], "little");
    let told = made.scan(&["--byte-order", "pair-swapped"]);
    assert_eq!(told["byte_order"], "pair-swapped");
    let largest = told["abs_percentiles"]["max"].as_f64().unwrap();
    assert!((50.0..=100.0).contains(&largest), "{largest}");
    let info = made.imported(&["--byte-order", "pair-swapped"]);
    assert_eq!(info["segy"]["byte_order"], "pair-swapped");
    let sentence = made.refused(2, &["--byte-order", "middle"]);
    assert!(sentence.contains("pair-swapped"), "{sentence}");
    let big = Made::of(&SegyBuilder::new(20, 75));
    let sentence = big.refused(1, &["--byte-order", "little"]);
    assert!(
        sentence.contains("--byte-order") || sentence.contains("--format"),
        "{sentence}"
    );
}

#[test]
fn samples_interval_and_format_can_be_told() {
    let lying = |word: i16| {
        SegyBuilder::new(20, 75)
            .binary_i16(3221, word)
            .header_words(move |_, header| {
                header.i16(115, word);
            })
    };
    let made = Made::of(&lying(91));
    let sentence = made.refused(1, &[]);
    assert!(sentence.contains("--samples 75"), "{sentence}");
    assert_eq!(facts(&made.scan(&["--samples", "75"])), [20, 75, 3600]);
    assert_eq!(
        made.imported(&["--samples", "75"])["array"]["n_samples"],
        75
    );
    for nonsense in ["0", "-5", "many", "4294967296"] {
        let sentence = made.refused(2, &["--samples", nonsense]);
        assert!(sentence.contains(nonsense), "{sentence}");
    }
    let sentence = made.refused(1, &["--samples", "1000000"]);
    assert!(
        sentence.contains("no whole trace") && sentence.contains("--samples"),
        "{sentence}"
    );

    let made = Made::of(&SegyBuilder::new(20, 75).format(5).binary_i16(3225, 2));
    assert_eq!(made.scan(&["--interval-us", "62.5"])["interval_us"], 62.5);
    assert_eq!(
        made.imported(&["--interval-us", "500"])["axis"]["interval"],
        0.5
    );
    for nonsense in ["0", "-4", "fast", "inf"] {
        let sentence = made.refused(2, &["--interval-us", nonsense]);
        assert!(sentence.contains("a number over 0 is wanted"), "{sentence}");
    }
    assert_eq!(made.scan(&[])["format_code"], 2);
    let told = made.scan(&["--format", "5"]);
    assert_eq!(told["format_code"], 5);
    let largest = told["abs_percentiles"]["max"].as_f64().unwrap();
    assert!((50.0..=100.0).contains(&largest), "{largest}");
    let sentence = made.refused(1, &["--format", "13"]);
    assert!(sentence.contains("the codes are 1–3"), "{sentence}");
    let sentence = made.refused(1, &["--format", "4"]);
    assert!(sentence.contains("--format CODE"), "{sentence}");
    let sentence = made.refused(2, &["--format", "ieee"]);
    assert!(sentence.contains("ieee"), "{sentence}");
}

#[test]
fn an_interval_in_another_unit_is_remarked_with_what_it_may_be() {
    let remark = |builder: SegyBuilder| {
        let scan = Made::of(&builder).scan(&[]);
        warned(&scan, "interval_unit_unlikely").unwrap_or_default()
    };
    let long = || SegyBuilder::new(6, 750);
    let in_millis = remark(long().interval_micros(4));
    assert!(
        in_millis.contains("4000 µs if it was written in milliseconds"),
        "{in_millis}"
    );
    assert!(in_millis.contains("--interval-us"), "{in_millis}");
    let newer = || long().revision(2, 0).interval_micros(0);
    let in_nanos = remark(newer().binary_f64(3273, 2e6));
    assert!(
        in_nanos.contains("2000 µs if it was written in nanoseconds"),
        "{in_nanos}"
    );
    let in_seconds = remark(newer().binary_f64(3273, 0.002));
    assert!(
        in_seconds.contains("2000 µs if it was written in seconds"),
        "{in_seconds}"
    );
    // Where the short word says the same in another unit, it is believed, and nothing is odd.
    let both = Made::of(&long().revision(2, 0).binary_f64(3273, 0.004)).scan(&[]);
    assert_eq!(both["interval_us"], 4000.0);
    assert_eq!(warned(&both, "interval_unit_unlikely"), None);
    assert_eq!(remark(long()), "");
}

#[test]
fn more_samples_than_two_bytes_hold_are_told_by_revision_2() {
    let made = Made::of(&SegyBuilder::new(3, 70_000).format(8).revision(2, 0));
    let scan = made.scan(&[]);
    assert_eq!(facts(&scan), [3, 70_000, 3600]);
    let why = scan["decided_by"]["n_samples"].as_str().unwrap();
    assert!(why.contains("bytes 3269–3272"), "{why}");
    assert_eq!(made.imported(&[])["array"]["n_samples"], 70_000);
}

#[test]
fn a_revision_that_was_lost_can_be_told() {
    let builder = SegyBuilder::new(3, 70_000).format(8).revision(2, 0);
    let made = Made::of(&builder.binary_i16(3501, 0));
    let told = made.scan(&["--revision", "2"]);
    assert_eq!(facts(&told), [3, 70_000, 3600]);
    assert_eq!(told["revision"], "2.0");
    assert_eq!(told["decided_by"]["revision"], "given by the user");
    let why = told["decided_by"]["n_samples"].as_str().unwrap();
    assert!(why.contains("bytes 3269–3272"), "{why}");
    let info = made.imported(&["--revision", "2.0"]);
    assert_eq!(info["array"]["n_samples"], 70_000);
    for nonsense in ["3", "-1", "two"] {
        let sentence = made.refused(2, &["--revision", nonsense]);
        assert!(sentence.contains("2.1"), "{sentence}");
    }
}

/// Coordinates in centimetres, delays in tenths of milliseconds.
fn scaled() -> Made {
    Made::of(&SegyBuilder::new(20, 75).header_words(|trace, header| {
        header
            .i16(71, 1)
            .i32(73, 50_000 + i32::try_from(trace).unwrap() * 2500)
            .i32(77, 700_000)
            .i16(109, 1000)
            .i16(215, -10);
    }))
}

#[test]
fn scalars_and_delay_can_be_told_and_are_kept() {
    let made = scaled();
    let found = made.scan(&[]);
    let scaling =
        json!({ "coordinate_scalar": "header", "delay_millis": "header", "time_scalar": "header" });
    assert_eq!(found["scaling"], scaling);
    assert_eq!(found["delay_millis"], json!({ "min": 100.0, "max": 100.0 }));
    let options = [
        "--coordinate-scalar",
        "-100",
        "--delay",
        "-12.5",
        "--time-scalar",
        "ignore",
    ];
    let told = made.scan(&options);
    let scaling = json!({ "coordinate_scalar": -100, "delay_millis": -12.5, "time_scalar": 1 });
    assert_eq!(told["scaling"], scaling);
    assert_eq!(told["delay_millis"], json!({ "min": -12.5, "max": -12.5 }));
    for key in ["coordinate_scalar", "delay", "time_scalar"] {
        assert_eq!(told["decided_by"][key], "given by the user");
    }
    let info = made.imported(&options);
    assert_eq!(info["axis"]["first"], -12.5);
    assert_eq!(info["mapping"]["overrides"]["coordinate_scalar"], -100);
    assert_eq!(info["segy"]["scaling"]["coordinate_scalar"], -100);
    let headers = Command::new(env!("CARGO_BIN_EXE_shotpoint"))
        .args(["headers", &made.path("a.shotpoint"), "--format", "csv"])
        .args([
            "--select",
            "source_x,source_y,source_coord_x",
            "--limit",
            "2",
        ])
        .output()
        .unwrap();
    let table = String::from_utf8_lossy(&headers.stdout).into_owned();
    let rows: Vec<&str> = table.lines().skip(1).collect();
    assert!(
        rows[0].ends_with("500,7000,50000") || rows[0].contains("500.0,7000.0,50000"),
        "{table}"
    );
    let human = Command::new(env!("CARGO_BIN_EXE_shotpoint"))
        .args(["info", &made.path("a.shotpoint")])
        .output()
        .unwrap();
    let human = String::from_utf8_lossy(&human.stdout).into_owned();
    assert!(
        human.contains("scaled by -100") && human.contains("-12.5 ms"),
        "{human}"
    );
}

#[test]
fn nonsense_for_scalars_and_delay_is_refused_with_what_is_wanted() {
    let made = scaled();
    for (option, nonsense, says) in [
        ("--coordinate-scalar", "0", "0 is no scalar"),
        ("--coordinate-scalar", "0.01", "divides by 100"),
        ("--time-scalar", "never", "ignore"),
        ("--delay", "late", "milliseconds are wanted"),
        ("--delay", "1e12", "at most"),
    ] {
        let sentence = made.refused(2, &[option, nonsense]);
        assert!(sentence.contains(says), "{option} {nonsense}: {sentence}");
    }
}

/// A mapping saved by hand and the options of the command line mean the same.
#[test]
fn a_mapping_file_holds_scalars_too() {
    let made = scaled();
    let mapping = made.path("mapping.json");
    std::fs::write(
        &mapping,
        r#"{"overrides": {"coordinate_scalar": -10, "delay_millis": 40, "time_scalar": "header"}}"#,
    )
    .unwrap();
    let info = made.imported(&["--mapping", &mapping, "--delay", "ignore"]);
    assert_eq!(info["segy"]["scaling"]["coordinate_scalar"], -10);
    assert_eq!(info["axis"]["first"], 0.0);
    assert_eq!(info["segy"]["scaling"]["time_scalar"], Value::Null);
}

#[test]
fn undeclared_text_can_be_overruled_too() {
    let builder =
        SegyBuilder::new(20, 740).extended(Extended::Undeclared, &["((SEG: STUFF ver 1.0))"]);
    let made = Made::of(&builder);
    assert_eq!(facts(&made.scan(&[])), [20, 740, 6800]);
    let told = made.scan(&["--extended-headers", "2"]);
    assert_eq!(facts(&told), [19, 740, 10_000]);
}
