use super::*;

#[test]
fn wiggles_stand_at_least_six_pixels_apart() {
    for (n_traces, step) in [(100.0, 1), (150.0, 1), (151.0, 2), (1000.0, 7), (0.5, 1)] {
        let window = SectionWindow {
            first_trace: 0.0,
            n_traces,
            first_sample: 0.0,
            n_samples: 100.0,
            from_right: false,
        };
        assert_eq!(wiggle_step(&window, 900), step, "{n_traces}");
    }
}

#[test]
fn cover_adds_up_to_the_length_of_the_interval() {
    for (from, to) in [
        (1.25_f32, 1.5),
        (0.0, 4.0),
        (2.75, 6.125),
        (-3.0, 2.5),
        (7.5, 9.0),
    ] {
        let mut cover = vec![0.0; 8];
        add_cover(&mut cover, &mut Touched::default(), from, to);
        let sum: f32 = cover.iter().sum::<f32>() * SUB_ROWS as f32;
        assert!((sum - (to.min(8.0) - from.max(0.0))).abs() < 1e-5);
    }
    let mut cover = vec![0.0; 8];
    for (from, to) in [
        (9.0, 12.0),
        (-4.0, -1.0),
        (5.0, 3.0),
        (f32::INFINITY, f32::NEG_INFINITY),
    ] {
        add_cover(&mut cover, &mut Touched::default(), from, to);
    }
    assert!(cover.iter().all(|c| c.abs() < 1e-9));
}

#[test]
fn a_stretch_holds_its_extremes_and_a_nan_wins() {
    assert_eq!(range_of(&[0.0, 3.0, -2.0, 1.0]), (-2.0, 3.0));
    assert!(range_of(&[1.0, f32::NAN, 2.0]).0.is_nan());
    assert!(range_of(&[]).1.is_nan());
}

#[test]
fn excursion_cut_and_line_are_as_wide_as_asked_for() {
    let window = SectionWindow {
        first_trace: 0.0,
        n_traces: 20.0,
        first_sample: 0.0,
        n_samples: 100.0,
        from_right: false,
    };
    let pen = |excursion: f32, most_deflection: f32, line_pixels: f32| {
        let display = Display {
            mode: DisplayMode::Wiggle,
            clip: 4.0,
            excursion,
            most_deflection,
            line_pixels,
            ..Display::default()
        };
        Pen::of(&window, &display, 400)
    };
    // Twenty pixels a trace: the clip deflects by two of them, curves are cut at three.
    let wide = pen(2.0, 3.0, 4.0);
    assert!((4.0 * wide.gain - 40.0).abs() < 1e-4);
    assert!((wide.limit - 60.0).abs() < 1e-4);
    assert!((wide.half_width - 2.0).abs() < 1e-6);
    let usual = pen(1.2, 1.8, 0.0);
    assert!((usual.half_width - 20.0 / 28.0).abs() < 1e-6);
    assert!(pen(1.0, 1.0, 99.0).half_width <= HALF_WIDTHS.1);
    for nonsense in [f32::NAN, -1.0] {
        let pen = pen(nonsense, nonsense, nonsense);
        assert!(pen.limit.abs() < 1e-9 && pen.half_width > 0.0);
    }
}

#[test]
fn curves_from_the_right_stand_mirrored_and_still_come_from_the_left() {
    let display = Display {
        mode: DisplayMode::Wiggle,
        ..Display::default()
    };
    let window = SectionWindow::all(20, 100);
    let curves = |window: &SectionWindow, placement: Option<&Placement>| {
        Pen::of(window, &display, 401).curves(20, placement)
    };
    let turned = window.turned(true);
    let (left, right) = (curves(&window, None), curves(&turned, None));
    assert_eq!((left.len(), right.len()), (20, 20));
    for ((a, x), (b, y)) in left.iter().rev().zip(&right) {
        assert_eq!(a, b);
        assert!((401.0 - x - y).abs() < 1e-4);
    }
    assert!(right.is_sorted_by(|p, q| p.1 <= q.1));
    let placement = Placement::reversed(20);
    assert_eq!(
        curves(&window, Some(&placement)),
        curves(&turned, Some(&placement)),
        "a placement says itself from where"
    );
}

#[test]
fn a_line_at_zero_stands_where_there_is_a_curve_only() {
    let source = crate::browse::fake::FakeSource::new(4, 10);
    let gather = crate::browse::load_range(&source, 0..4, &[]).expect("a gather");
    let gather = Gather {
        samples: vec![0.0; 40],
        ..gather
    };
    // Two samples' room above and below, ten rows a sample; ten pixels a trace.
    let window = SectionWindow {
        first_trace: 0.0,
        n_traces: 4.0,
        first_sample: -2.0,
        n_samples: 14.0,
        from_right: false,
    };
    let painted = |zero_line: bool| {
        let display = Display {
            mode: DisplayMode::VariableArea,
            zero_line,
            ..Display::default()
        };
        let mut image = Image::filled(40, 140, [255; 4]);
        paint_wiggles(&mut image, &gather, None, &window, &display);
        let grey = |pixel: &[u8; 4]| pixel[0] < 255;
        let rows = image.pixels_mut().chunks(40);
        rows.map(|row| row.iter().filter(|p| grey(p)).count())
            .collect::<Vec<_>>()
    };
    assert!(painted(false).iter().all(|n| *n == 0));
    let lines = painted(true);
    assert_eq!((lines[10], lines[70], lines[130]), (0, 4, 0));
    assert_eq!(lines.iter().filter(|n| **n == 4).count(), 100);
}
