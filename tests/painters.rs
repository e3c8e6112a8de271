//! Both painters draw the same, in a real OpenGL context; and a walk of the window stays within its
//! memory. By the hidden `--tour` of the program, on a display of its own.
//!
//! Needs Xvfb and a software OpenGL; without them, the tests say so and pass.

#![cfg(all(target_os = "linux", feature = "gui"))]
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

mod window_kit;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// Of a window without data: program, fonts, the software driver, what is being drawn. In MiB.
const BASE_MIB: u64 = 260;

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

fn display() -> Option<(Running, String)> {
    let started = Command::new("Xvfb")
        .args(["-displayfd", "1", "-screen", "0", "1280x800x24"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut server = started.ok()?;
    let mut number = String::new();
    let output = server.stdout.take()?;
    let server = Running(server);
    BufReader::new(output).read_line(&mut number).ok()?;
    let number = number.trim();
    (!number.is_empty()).then(|| (server, format!(":{number}")))
}

/// What the program reports of a tour over a file of `shots`; `None` where there is no display.
fn tour(script: &str, shots: i32) -> Option<Value> {
    let Some((_server, display)) = display() else {
        println!("SKIPPED: Xvfb is not installed, the real window was not tried.");
        return None;
    };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shots.sgy");
    window_kit::write_segy(&file, shots);
    let dataset = folder.path().join("shots.shotpoint");
    assert!(import(&file, &dataset));
    let tour = folder.path().join("tour.json");
    std::fs::write(&tour, script).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_shotpoint"))
        .arg("--tour")
        .args([&tour, &dataset])
        .env("DISPLAY", display)
        .env_remove("WAYLAND_DISPLAY")
        .env("LIBGL_ALWAYS_SOFTWARE", "1")
        .env("XDG_DATA_HOME", folder.path())
        .output()
        .unwrap();
    let words = String::from_utf8_lossy(&output.stderr);
    if words.contains("The window cannot be opened") {
        println!("SKIPPED: no OpenGL here: {words}");
        return None;
    }
    assert!(output.status.success(), "{words}");
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

fn import(file: &Path, dataset: &Path) -> bool {
    let status = Command::new(env!("CARGO_BIN_EXE_shotpoint"))
        .arg("import")
        .arg(file)
        .arg("-o")
        .arg(dataset)
        .args(["--ensemble", "orig_field_record_num"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.unwrap().success()
}

fn act<'a>(report: &'a Value, name: &str) -> &'a Value {
    let acts = report["acts"].as_array().unwrap();
    acts.iter().find(|act| act["act"] == name).unwrap()
}

/// Of 255 steps of a channel, and of all pixels those that may differ at all: one step of the colour
/// table or of the cover of a curve, where rounding falls the other way.
#[test]
fn both_painters_draw_the_same_and_a_gain_sends_no_amplitudes_again() {
    let script = r#"{"acts": [{"act": "open"}, {"act": "compare_painters"}]}"#;
    let Some(report) = tour(script, 3) else {
        return;
    };
    let found = &act(&report, "compare_painters")["comparison"];
    assert!(found["error"].is_null(), "{found}");
    for what in ["density", "curves", "overview"] {
        let told = &found[what];
        let pixels = told["pixels"].as_u64().unwrap();
        assert!(pixels > 80_000, "{what}: {found}");
        assert!(told["largest"].as_u64().unwrap() <= 4, "{what}: {found}");
        assert!(
            told["differing"].as_u64().unwrap() * 1000 <= pixels,
            "{what}: {found}"
        );
    }
    assert!(found["pictures_of_a_gather"].as_u64().unwrap() > 40);
    assert_eq!(found["uploaded_bytes"], found["gather_bytes"]);
}

#[test]
fn a_walk_of_the_window_stays_within_its_memory_and_an_idle_one_draws_nothing() {
    let script = r#"{"cache_mib": 64, "acts": [{"act": "open"}, {"act": "step", "count": 20},
        {"act": "walk", "steps": 400, "seed": 7}, {"act": "fit"}, {"act": "idle", "seconds": 3}]}"#;
    let Some(report) = tour(script, 3000) else {
        return;
    };
    let walk = act(&report, "walk");
    let kept = walk["kept_mib"].as_u64().unwrap();
    assert!(kept <= 64, "{walk}");
    let peak = walk["own_memory_peak_mib"].as_u64().unwrap();
    assert!(peak <= 64 + BASE_MIB, "{walk}");
    let step = act(&report, "step");
    assert_eq!(step["gathers"]["answered"], 20, "{step}");
    // Frames that were under way, and one at the end.
    let idle = act(&report, "idle");
    assert!(idle["frame"]["n"].as_u64().unwrap() <= 6, "{idle}");
}
