//! The program: joins the two shells, which do not know each other.

use std::process::ExitCode;

fn main() -> ExitCode {
    shotpoint::cli::main(window())
}

#[cfg(feature = "gui")]
#[expect(clippy::unnecessary_wraps, reason = "without the window there is none")]
fn window() -> Option<shotpoint::cli::Window> {
    use shotpoint::{app, cli};

    Some(cli::Window {
        has_display: app::has_display,
        open: |request| {
            app::run(app::Launch {
                paths: request.paths,
                reset_settings: request.reset_settings,
                wayland: request.wayland,
                tour: request.tour,
                sample: Some(cli::sample_for_window),
            })
        },
    })
}

#[cfg(not(feature = "gui"))]
fn window() -> Option<shotpoint::cli::Window> {
    None
}
