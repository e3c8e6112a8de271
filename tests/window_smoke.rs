//! The real window opens without a graphics card, draws, answers keys and closes.
//!
//! Needs Xvfb and xdotool; without them, the test says so and passes. Everything finer is tested
//! without a display in `tests/ui_flow.rs`.

#![cfg(all(target_os = "linux", feature = "gui"))]
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

use std::collections::HashSet;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Longer than any machine needs that is not stuck.
const PATIENCE: Duration = Duration::from_mins(2);

/// A process that does not outlive the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

fn is_installed(program: &str) -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths).any(|folder| folder.join(program).is_file())
}

/// Starts a display of its own, whose screen lies in a file in `folder`; gives its name.
fn start_display(folder: &Path) -> (Running, String) {
    let mut server = Command::new("Xvfb")
        .args(["-displayfd", "1", "-screen", "0", "1280x800x24", "-fbdir"])
        .arg(folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut number = String::new();
    BufReader::new(server.stdout.take().unwrap())
        .read_line(&mut number)
        .unwrap();
    (Running(server), format!(":{}", number.trim()))
}

/// Distinct pixels on the screen: an X window dump with 4 bytes a pixel behind its header and colours.
fn n_colours(folder: &Path) -> usize {
    let dump = fs::read(folder.join("Xvfb_screen0")).unwrap();
    let word = |i: usize| u32::from_be_bytes(dump[4 * i..4 * i + 4].try_into().unwrap()) as usize;
    let (header_bytes, n_map_entries) = (word(0), word(19));
    let pixels = &dump[header_bytes + 12 * n_map_entries..];
    pixels.chunks_exact(4).collect::<HashSet<_>>().len()
}

fn xdotool(display: &str, arguments: &[&str]) -> String {
    let output = Command::new("xdotool")
        .args(arguments)
        .env("DISPLAY", display)
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// Waits until `found` gives something.
fn wait_for<T>(what: &str, mut found: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(value) = found() {
            return value;
        }
        assert!(began.elapsed() < PATIENCE, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn the_demo_opens_a_window_without_a_graphics_card() {
    if !is_installed("Xvfb") || !is_installed("xdotool") {
        println!("Xvfb or xdotool is not installed: the real window was not tried.");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (_server, display) = start_display(folder.path());
    let mut program = Running(
        Command::new(env!("CARGO_BIN_EXE_shotpoint"))
            .args([
                "demo",
                "--output",
                folder.path().join("demo").to_str().unwrap(),
            ])
            .env("DISPLAY", &display)
            .env_remove("WAYLAND_DISPLAY")
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .env("XDG_DATA_HOME", folder.path())
            .stdout(Stdio::null())
            .spawn()
            .unwrap(),
    );
    let window = wait_for("the window", || {
        assert!(program.0.try_wait().unwrap().is_none(), "the program ended");
        let found = xdotool(
            &display,
            &["search", "--onlyvisible", "--name", "Shotpoint"],
        );
        found.lines().next().map(str::to_owned)
    });
    // A window of text alone has some dozens of colours; a section in greys has hundreds.
    wait_for("the section", || {
        (n_colours(folder.path()) > 150).then_some(())
    });
    xdotool(&display, &["windowfocus", "--sync", &window]);
    xdotool(&display, &["key", "Right", "w"]);
    xdotool(&display, &["key", "ctrl+q"]);
    let status = wait_for("the end", || program.0.try_wait().unwrap());
    assert!(status.success(), "{status}");
}
