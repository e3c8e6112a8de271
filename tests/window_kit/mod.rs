//! What tests of the window share: a small file of shots, a window without a display, waiting and
//! clicking by label.

#![allow(dead_code, reason = "no test file uses all of the kit")]
#![allow(
    clippy::unwrap_used,
    unreachable_pub,
    missing_docs,
    reason = "a test kit"
)]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use shotpoint::app::{App, Launch};

pub const SHOTS: i32 = 5;
pub const CHANNELS: i32 = 12;
pub const SAMPLES: i16 = 150;

#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        Err("the window reads files itself".to_owned())
    }
}

/// A revision 1 file of IEEE floats: five shots of twelve channels.
pub fn write_segy(path: &Path, shots: i32) {
    let mut file = vec![b' '; 3200];
    file[..31].copy_from_slice(b"C 1 SHOTS FOR THE WINDOW'S TEST");
    let mut binary = vec![0_u8; 400];
    binary[16..18].copy_from_slice(&4000_i16.to_be_bytes());
    binary[20..22].copy_from_slice(&SAMPLES.to_be_bytes());
    binary[24..26].copy_from_slice(&5_i16.to_be_bytes());
    binary[28..30].copy_from_slice(&1_i16.to_be_bytes());
    binary[300] = 1;
    binary[303] = 1;
    file.extend_from_slice(&binary);
    for shot in 0..shots {
        for channel in 0..CHANNELS {
            let mut header = [0_u8; 240];
            let mut put = |byte: usize, value: i32| {
                header[byte - 1..byte + 3].copy_from_slice(&value.to_be_bytes());
            };
            put(1, shot * CHANNELS + channel + 1);
            put(9, 101 + shot);
            put(13, channel + 1);
            put(37, 100 + 25 * channel);
            header[28..30].copy_from_slice(&1_i16.to_be_bytes());
            header[114..116].copy_from_slice(&SAMPLES.to_be_bytes());
            header[116..118].copy_from_slice(&4000_i16.to_be_bytes());
            file.extend_from_slice(&header);
            for sample in 0..SAMPLES {
                let t = (f32::from(sample) - 40.0 - channel as f32 * 2.0) / 5.0;
                let value = (1.0 - t * t) * (-t * t / 2.0).exp() * (1.0 + shot as f32);
                file.extend_from_slice(&value.to_be_bytes());
            }
        }
    }
    std::fs::write(path, file).unwrap();
}

pub fn window(paths: Vec<PathBuf>) -> Harness<'static, App> {
    let launch = Launch {
        paths,
        ..Launch::default()
    };
    Harness::builder()
        .with_size([1280.0, 800.0])
        .build_eframe(move |cc| App::new(cc, &launch, true))
}

/// A viewer over a file of shots from FFID 101 on, which is not imported.
pub fn viewed(path: PathBuf) -> Harness<'static, App> {
    let mut harness = window(vec![path]);
    wait_for(&mut harness, "Just view, do not import");
    click(&mut harness, "Just view, do not import");
    wait_for(&mut harness, "Seismic section, FFID 101, 12 traces");
    harness
}

/// Steps until the window shows a label that contains `text`: work is done on threads.
pub fn wait_for(harness: &mut Harness<'_, App>, text: &str) {
    let start = Instant::now();
    while harness.query_all_by_label_contains(text).next().is_none() {
        assert!(
            start.elapsed() < Duration::from_secs(30),
            "\"{text}\" did not appear; the window shows:\n{:#?}",
            harness.root()
        );
        harness.step();
        std::thread::sleep(Duration::from_millis(5));
    }
    harness.run_steps(2);
}

/// Until nothing asks for another frame; checks that every input has a name for those who do not see it.
pub fn settle(harness: &mut Harness<'_, App>) {
    let start = Instant::now();
    while harness.try_run().is_err() {
        assert!(
            start.elapsed() < Duration::from_secs(30),
            "the window never rests"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

pub fn click(harness: &mut Harness<'_, App>, label: &str) {
    harness.get_by_label(label).click();
    harness.run_steps(2);
}

pub fn drop_file(harness: &mut Harness<'_, App>, path: &Path) {
    let file = Arc::new(Dropped(path.to_path_buf()));
    harness.input_mut().dropped_files.push(file);
    harness.step();
}
