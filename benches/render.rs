//! How long does a frame's section take on the processor?
//!
//! Protects the decision to colour pictures on the processor (design, sections 5 and 6): 1600 × 900
//! pixels of density from a gather of 1000 × 1500 in at most 20 ms on one core, wiggles in at most
//! 60 ms, so that a window without a GPU stays usable.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use shotpoint::view::{Display, DisplayMode, Figure, SectionWindow, clip_of, figure, paint};

#[path = "../tests/synthetic/mod.rs"]
mod synthetic;

const WIDTH: usize = 1600;
const HEIGHT: usize = 900;

fn sections(criterion: &mut Criterion) {
    let gather = synthetic::shot_gather(1000, 1500, 2.0);
    let clip = clip_of(&gather.samples, 99.0);
    let all = SectionWindow::all(1000, 1500);
    let part = |first_trace, n_traces, first_sample, n_samples| SectionWindow {
        first_trace,
        n_traces,
        first_sample,
        n_samples,
        from_right: false,
    };
    let one_core = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .expect("one thread");
    for (name, mode, window) in [
        ("density, all", DisplayMode::Density, all),
        (
            "density, magnified",
            DisplayMode::Density,
            part(100.0, 120.0, 200.0, 300.0),
        ),
        (
            "wiggle, 60 traces",
            DisplayMode::Wiggle,
            part(100.0, 60.0, 0.0, 1500.0),
        ),
        (
            "wiggle, 240 traces",
            DisplayMode::Wiggle,
            part(100.0, 240.0, 0.0, 1500.0),
        ),
        ("wiggle, every 4th of 1000", DisplayMode::Wiggle, all),
    ] {
        let display = Display {
            mode,
            clip,
            ..Display::default()
        };
        let draw = || black_box(paint(&gather, &window, &display, WIDTH, HEIGHT));
        criterion.bench_function(&format!("{name}, one core"), |bencher| {
            one_core.install(|| bencher.iter(draw));
        });
        criterion.bench_function(&format!("{name}, all cores"), |bencher| bencher.iter(draw));
    }
}

fn figures_and_clips(criterion: &mut Criterion) {
    let gather = synthetic::shot_gather(96, 751, 4.0);
    let wanted = Figure {
        title: "record 1042".to_owned(),
        display: Display {
            clip: clip_of(&gather.samples, 99.0),
            ..Display::default()
        },
        window: None,
        width: 1200,
        height: 800,
    };
    criterion.bench_function("figure 1200 × 800", |bencher| {
        bencher.iter(|| black_box(figure(&gather, &wanted)));
    });
    let samples = synthetic::shot_gather(1000, 1500, 2.0).samples;
    criterion.bench_function("clip of 1.5 million samples", |bencher| {
        bencher.iter(|| black_box(clip_of(&samples, 99.0)));
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = sections, figures_and_clips
}
criterion_main!(benches);
