//! Do pictures show what the numbers say? Pixels are read back and compared with samples; a few
//! small pictures are compared with stored ones.
//!
//! Stored pictures are in `tests/data/golden`; `UPDATE_GOLDEN=1` writes them anew: look at them
//! then. Tolerance: at most one pixel in 200 may differ by more than 8 of 255 in a channel, because
//! mathematical functions differ in their last bits from machine to machine.

#![expect(clippy::unwrap_used, reason = "tests")]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small numbers made here"
)]

mod synthetic;

use std::fs;
use std::path::Path;

use shotpoint::browse::Gather;
use shotpoint::dataset::{VerticalAxis, VerticalDomain};
use shotpoint::view::{
    COLOUR_TABLES, Display, DisplayMode, Figure, Image, SectionWindow, clip_of, figure, paint,
    vertical_ticks, wiggle_step,
};

const WHITE: [u8; 4] = [255; 4];
const BLACK: [u8; 4] = [0, 0, 0, 255];
const MAGENTA: [u8; 4] = [255, 0, 255, 255];
const MID_GREY: [u8; 4] = [127, 127, 127, 255];

fn gather(n_traces: usize, n_samples: usize, value: impl Fn(usize, usize) -> f32) -> Gather {
    Gather {
        key: Vec::new(),
        trace_indices: (0..n_traces as u64).collect(),
        n_samples,
        samples: (0..n_traces * n_samples)
            .map(|i| value(i / n_samples, i % n_samples))
            .collect(),
        headers: Vec::new(),
        start_offsets: None,
        axis: VerticalAxis {
            domain: VerticalDomain::Time,
            unit: "ms".to_owned(),
            first: 0.0,
            interval: 4.0,
        },
    }
}

fn table(name: &str) -> usize {
    COLOUR_TABLES.iter().position(|t| t.name == name).unwrap()
}

fn density() -> Display {
    Display {
        interpolate_time: false,
        ..Display::default()
    }
}

fn wiggle(mode: DisplayMode) -> Display {
    Display {
        mode,
        excursion: 1.0,
        ..Display::default()
    }
}

/// A gather whose sample (t, i) has, in the table "Grey (white = +)", the grey `8 + 20 t + i`.
fn ramp() -> Gather {
    gather(12, 20, |t, i| {
        ((8 + 20 * t + i) as f32 + 0.5 - 128.0) / 127.5
    })
}

fn ramp_display() -> Display {
    Display {
        colour_table: table("Grey (white = +)"),
        ..density()
    }
}

#[test]
fn every_pixel_of_a_magnified_ramp_shows_the_sample_under_it() {
    let (width, height) = (12 * 5, 20 * 4);
    let image = paint(
        &ramp(),
        &SectionWindow::all(12, 20),
        &ramp_display(),
        width,
        height,
    );
    for y in 0..height {
        for x in 0..width {
            let expected = (8 + 20 * (x / 5) + y / 4) as u8;
            assert_eq!(image.pixel(x, y).unwrap()[0], expected, "at {x} {y}");
        }
    }
}

#[test]
fn every_pixel_of_any_window_shows_the_sample_that_the_window_names() {
    let window = SectionWindow {
        first_trace: 2.3,
        n_traces: 7.1,
        first_sample: 4.6,
        n_samples: 9.9,
        from_right: false,
    };
    let (width, height) = (97, 61);
    let image = paint(&ramp(), &window, &ramp_display(), width, height);
    for y in 0..height {
        for x in 0..width {
            let at = (
                (x as f64 + 0.5) / width as f64,
                (y as f64 + 0.5) / height as f64,
            );
            let (trace, sample) = window.section_from_screen(at.0, at.1);
            let expected = 8 + 20 * trace as usize + sample as usize;
            assert_eq!(usize::from(image.pixel(x, y).unwrap()[0]), expected);
        }
    }
}

#[test]
fn smooth_rows_pass_through_the_samples_and_lie_between_them() {
    let display = Display {
        interpolate_time: true,
        ..ramp_display()
    };
    // Five rows a sample: the middle one is the sample itself.
    let image = paint(&ramp(), &SectionWindow::all(12, 20), &display, 12, 100);
    for x in 0..12 {
        for i in 0..20 {
            let grey = image.pixel(x, 5 * i + 2).unwrap()[0];
            assert_eq!(usize::from(grey), 8 + 20 * x + i);
        }
        let column: Vec<u8> = (0..100).map(|y| image.pixel(x, y).unwrap()[0]).collect();
        assert!(column.is_sorted());
    }
}

#[test]
fn positive_is_black_zero_mid_grey_and_polarity_and_reversal_flip() {
    let samples = [1.0, -1.0, 0.0];
    let gather = gather(3, 1, |t, _| samples[t]);
    let window = SectionWindow::all(3, 1);
    let colours = |display: &Display| {
        let image = paint(&gather, &window, display, 3, 1);
        [0, 1, 2].map(|x| image.pixel(x, 0).unwrap())
    };
    assert_eq!(colours(&density()), [BLACK, WHITE, MID_GREY]);
    let reversed = Display {
        reverse_polarity: true,
        ..density()
    };
    assert_eq!(colours(&reversed), [WHITE, BLACK, MID_GREY]);
    let turned = Display {
        reverse_colours: true,
        ..density()
    };
    assert_eq!(colours(&turned)[..2], [WHITE, BLACK]);
}

#[test]
fn an_event_at_500_ms_stands_at_the_500_ms_tick() {
    let gather = gather(3, 751, |_, i| if i == 125 { 1.0 } else { 0.0 });
    for (first_sample, n_samples, height) in [
        (0.0, 751.0, 600),
        (0.0, 751.0, 200),
        (100.0, 60.0, 480),
        (117.3, 11.9, 333),
    ] {
        let window = SectionWindow {
            first_trace: 0.0,
            n_traces: 3.0,
            first_sample,
            n_samples,
            from_right: false,
        };
        let ticks = vertical_ticks(&gather.axis, &window, f64::from(height), 18.0);
        let tick = ticks.iter().find(|t| t.label == "500");
        let tick = tick.unwrap_or_else(|| panic!("{ticks:?}"));
        for mode in [DisplayMode::Density, DisplayMode::VariableArea] {
            let display = Display { mode, ..density() };
            let image = paint(&gather, &window, &display, 90, height as usize);
            let row = (tick.position * f64::from(height)) as usize;
            // Over the second trace, a little right of its baseline.
            let dark = |y: usize| u32::from(255 - image.pixel(48, y).unwrap()[0]);
            let darkest = (0..height as usize).max_by_key(|&y| dark(y)).unwrap();
            assert_eq!(dark(row), dark(darkest), "{mode:?} {first_sample}");
        }
    }
}

#[test]
fn a_dead_trace_is_one_crisp_column() {
    let gather = gather(10, 50, |t, _| if t == 4 { 0.0 } else { 1.0 });
    for interpolate_time in [false, true] {
        let display = Display {
            interpolate_time,
            ..density()
        };
        let image = paint(&gather, &SectionWindow::all(10, 50), &display, 100, 200);
        for y in 0..200 {
            for x in 0..100 {
                let expected = if x / 10 == 4 { MID_GREY } else { BLACK };
                assert_eq!(image.pixel(x, y), Some(expected));
            }
        }
    }
}

#[test]
fn a_spike_of_one_sample_is_seen_at_full_brightness_from_any_distance() {
    let gather = gather(
        1000,
        1500,
        |t, i| if (t, i) == (617, 901) { -1.0 } else { 0.0 },
    );
    for (width, height) in [(1000, 1500), (500, 700), (333, 91), (40, 30), (1, 1)] {
        let window = SectionWindow::all(1000, 1500);
        let image = paint(&gather, &window, &density(), width, height);
        let white = image.rgba.chunks_exact(4).filter(|p| **p == WHITE).count();
        assert_eq!(white, 1, "{width} × {height}");
        let (x, y) = window.screen_from_section(617.5, 901.5);
        let (x, y) = ((x * width as f64) as usize, (y * height as f64) as usize);
        assert_eq!(image.pixel(x, y), Some(WHITE));
    }
}

#[test]
fn an_event_keeps_its_brightness_from_zoom_to_zoom() {
    // A dipping 25 Hz wavelet at half the clip; every other trace has its peak between two samples.
    let gather = gather(800, 1000, |t, i| {
        let time = (i as f32 - 300.0 - 0.5 * t as f32) * 0.004;
        let a = (std::f32::consts::PI * 25.0 * time).powi(2);
        0.5 * (1.0 - 2.0 * a) * (-a).exp()
    });
    let peak = usize::from(COLOUR_TABLES[0].lookup()[(128.0 + 127.5 * 0.5) as usize][0]);
    for (width, height) in [
        (1600, 2000),
        (800, 1000),
        (790, 600),
        (400, 330),
        (200, 260),
    ] {
        let image = paint(
            &gather,
            &SectionWindow::all(800, 1000),
            &Display::default(),
            width,
            height,
        );
        for x in (0..width).step_by(37) {
            let column = (0..height).map(|y| usize::from(image.pixel(x, y).unwrap()[0]));
            let darkest = column.min().unwrap();
            assert!(
                darkest.abs_diff(peak) <= 5,
                "{width} × {height}: {darkest} for {peak}"
            );
        }
    }
}

#[test]
fn what_is_not_a_number_is_magenta_and_what_is_outside_is_background() {
    let values = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY];
    let gather = gather(3, 2, |t, _| values[t]);
    let window = SectionWindow {
        first_trace: -1.0,
        n_traces: 5.0,
        first_sample: 0.0,
        n_samples: 4.0,
        from_right: false,
    };
    let display = Display {
        background: [10, 20, 30],
        ..density()
    };
    let image = paint(&gather, &window, &display, 5, 4);
    let outside = [10, 20, 30, 255];
    let row = |y| [0, 1, 2, 3, 4].map(|x| image.pixel(x, y).unwrap());
    assert_eq!(row(0), [outside, MAGENTA, BLACK, WHITE, outside]);
    assert_eq!(row(3), [outside; 5]);
    let wiggles = paint(&gather, &window, &wiggle(DisplayMode::Wiggle), 100, 40);
    assert!(wiggles.rgba.chunks_exact(4).any(|p| *p == MAGENTA));
}

#[test]
fn mad_windows_and_sizes_give_a_picture_all_the_same() {
    let gather = gather(3, 5, |t, i| (t + i) as f32);
    for mode in DisplayMode::ALL {
        for clip in [0.0, -1.0, f32::NAN, f32::INFINITY, 1e-42, f32::MAX] {
            for excursion in [0.0, 1.0, f32::NAN, f32::INFINITY] {
                let display = Display {
                    mode,
                    clip,
                    excursion,
                    ..Display::default()
                };
                for (width, height) in [(0, 0), (1, 1), (7, 3), (0, 9)] {
                    let image = paint(&gather, &SectionWindow::all(3, 5), &display, width, height);
                    assert_eq!(image.rgba.len(), width * height * 4);
                }
            }
        }
    }
    let far = SectionWindow {
        first_trace: 1e12,
        n_traces: 1.0,
        first_sample: -1e12,
        n_samples: 1e-9,
        from_right: false,
    };
    for mode in DisplayMode::ALL {
        let image = paint(&gather, &far, &Display { mode, ..density() }, 20, 20);
        assert!(image.rgba.iter().all(|v| *v == 255));
    }
}

/// Darkness of row `y` from column `from` to `to`, in pixels of black.
fn ink(image: &Image, y: usize, from: usize, to: usize) -> f32 {
    (from..to)
        .map(|x| f32::from(255 - image.pixel(x, y).unwrap()[0]) / 255.0)
        .sum()
}

#[test]
fn positive_area_is_filled_to_the_right_by_as_many_pixels_as_the_amplitude_says() {
    for amplitude in [0.1_f32, 0.25, 0.333, 0.8, 1.0] {
        let gather = gather(3, 40, |t, _| if t == 1 { amplitude } else { 0.0 });
        let image = paint(
            &gather,
            &SectionWindow::all(3, 40),
            &wiggle(DisplayMode::VariableArea),
            120,
            80,
        );
        let expected = 40.0 * amplitude;
        // The baseline of the second trace is in the middle of pixel 60.
        let right = ink(&image, 40, 60, 120);
        assert!((right - expected).abs() < 0.15, "{right} for {expected}");
        assert!(ink(&image, 40, 0, 60) < 0.01);
    }
}

#[test]
fn negative_area_is_the_mirror_of_positive_area() {
    let signed = |sign: f32| gather(3, 40, move |t, _| if t == 1 { 0.5 * sign } else { 0.0 });
    let mut display = wiggle(DisplayMode::VariableArea);
    display.fill_negative = true;
    let window = SectionWindow::all(3, 40);
    let left = paint(&signed(-1.0), &window, &display, 120, 80);
    assert!((ink(&left, 40, 0, 61) - 20.0).abs() < 1.0);
    assert!(ink(&left, 40, 62, 120) < 0.01);
    let nothing = paint(&signed(1.0), &window, &display, 120, 80);
    assert!(ink(&nothing, 40, 0, 120) < 0.01);
}

#[test]
fn negative_swings_go_left_unfilled_and_polarity_swaps_sides() {
    let gather = gather(3, 40, |t, _| if t == 1 { -0.8 } else { 0.0 });
    let window = SectionWindow::all(3, 40);
    let mut display = wiggle(DisplayMode::Wiggle);
    let image = paint(&gather, &window, &display, 120, 80);
    // A line of at most 1.5 pixels, 32 pixels left of the baseline; the neighbour's is at 20.
    let line = ink(&image, 40, 24, 34);
    assert!((0.7..1.6).contains(&line), "{line}");
    assert!(ink(&image, 40, 34, 90) < 0.01);
    display.reverse_polarity = true;
    let image = paint(&gather, &window, &display, 120, 80);
    assert!(ink(&image, 40, 60, 96) > 30.0);
    assert!(ink(&image, 40, 24, 59) < 0.01);
}

#[test]
fn wiggles_are_cut_flat_at_their_largest_deflection() {
    let gather = gather(1, 40, |_, i| if (10..30).contains(&i) { 50.0 } else { 0.0 });
    let window = SectionWindow {
        first_trace: -2.0,
        n_traces: 5.0,
        first_sample: 0.0,
        n_samples: 40.0,
        from_right: false,
    };
    let mut display = wiggle(DisplayMode::VariableArea);
    for (traces, pixels) in [(1.5, 30.0), (1.0, 20.0)] {
        display.most_deflection = traces;
        let filled = ink(&paint(&gather, &window, &display, 100, 80), 40, 0, 100);
        assert!((filled - pixels).abs() < 0.6, "{traces}: {filled}");
    }
}

#[test]
fn dense_traces_are_drawn_every_nth_and_tall_ones_keep_their_extremes() {
    let gather = gather(
        200,
        50_000,
        |t, i| if (t, i) == (100, 31_234) { 1.0 } else { 0.0 },
    );
    let window = SectionWindow::all(200, 50_000);
    assert_eq!(wiggle_step(&window, 600), 2);
    let image = paint(&gather, &window, &wiggle(DisplayMode::Wiggle), 600, 100);
    let row = 31_234 * 100 / 50_000;
    // Trace 100 stands at pixel 301; its spike reaches a spacing of 6 pixels further.
    assert!(image.pixel(304, row).unwrap()[0] < 230);
    assert_eq!(image.pixel(304, row - 3), Some(WHITE));
}

fn golden(name: &str, image: &Image) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/golden")
        .join(name)
        .with_extension("png");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, image.to_png().unwrap()).unwrap();
        return;
    }
    let file = fs::read(&path).unwrap();
    let mut reader = png::Decoder::new(std::io::Cursor::new(file))
        .read_info()
        .unwrap();
    let mut stored = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut stored).unwrap();
    assert_eq!(
        (info.width as usize, info.height as usize),
        (image.width, image.height)
    );
    let differing = stored
        .chunks_exact(4)
        .zip(image.rgba.chunks_exact(4))
        .filter(|(a, b)| a.iter().zip(*b).any(|(a, b)| a.abs_diff(*b) > 8))
        .count();
    assert!(
        differing * 200 <= image.width * image.height,
        "{name}: {differing} pixels differ; UPDATE_GOLDEN=1 if that is intended"
    );
}

#[test]
fn small_pictures_are_as_they_were() {
    let gather = synthetic::shot_gather(24, 376, 4.0);
    let clip = clip_of(&gather.samples, 98.0);
    let window = SectionWindow {
        first_trace: 5.0,
        n_traces: 8.0,
        first_sample: 60.0,
        n_samples: 60.0,
        from_right: false,
    };
    for (name, mode, table_name) in [
        ("density", DisplayMode::Density, "Grey (black = +)"),
        (
            "density_red_blue",
            DisplayMode::Density,
            "Red-White-Blue (red = +)",
        ),
        ("wiggle", DisplayMode::Wiggle, "Grey (black = +)"),
        (
            "variable_area",
            DisplayMode::VariableArea,
            "Grey (black = +)",
        ),
        ("wiggle_over_density", DisplayMode::DensityWiggle, "Petrel"),
    ] {
        let display = Display {
            mode,
            clip,
            colour_table: table(table_name),
            ..Display::default()
        };
        golden(name, &paint(&gather, &window, &display, 64, 48));
    }
}

#[test]
fn a_figure_is_as_it_was_and_any_size_is_drawn() {
    let gather = synthetic::shot_gather(24, 376, 4.0);
    let mut wanted = Figure {
        title: "line12.sgy · record 1042".to_owned(),
        display: Display {
            clip: clip_of(&gather.samples, 98.0),
            ..Display::default()
        },
        window: None,
        width: 300,
        height: 200,
    };
    golden("figure", &figure(&gather, &wanted));
    for (width, height) in [(0, 0), (1, 1), (30, 2000), (90, 60), (2000, 40)] {
        (wanted.width, wanted.height) = (width, height);
        let image = figure(&gather, &wanted);
        assert_eq!((image.width, image.height), (width, height));
    }
}
