//! The command line: the engine's other shell, and what scripts and tests use.
//!
//! Everything that the window does can be done here. Results go to standard output (with `--json`:
//! one object and nothing else), progress and asides to standard error. Exit codes: 0 done,
//! 1 failed, 2 wrong usage, 130 cancelled.

mod args;
mod demo;
#[cfg(test)]
mod documented;
mod examples;
mod export;
mod export_args;
mod headers;
mod import;
mod import_args;
mod info;
#[cfg(test)]
mod man_pages;
mod override_args;
mod print;
mod render;
mod run;
mod sample;
mod sample_file;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::FromArgMatches;

pub use sample_file::{sample_for_window, write_sample};

use args::{Arguments, Command};
use run::Failure;

/// What the window is asked to open.
#[derive(Clone, Debug, Default)]
pub struct WindowRequest {
    /// Files and datasets.
    pub paths: Vec<PathBuf>,
    /// Forget settings and recent files.
    pub reset_settings: bool,
    /// Native Wayland even where X11 is there.
    pub wayland: bool,
    /// A script that the window follows while it measures itself, and what to do with the report.
    pub tour: Option<(PathBuf, TakeReport)>,
}

/// Takes a report that the window has for its caller.
pub type TakeReport = fn(&str);

/// The other shell, as far as the command line needs it; `main` hands it in, because neither shell
/// knows the other.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// Whether this session seems to have a display.
    pub has_display: fn() -> bool,
    /// Opens the window and returns when it is closed, or with a sentence why it cannot.
    pub open: fn(WindowRequest) -> Result<(), String>,
}

/// Runs the program by its command line and gives the exit code. `window` is `None` in a program
/// that was built without one.
pub fn main(window: Option<Window>) -> ExitCode {
    let matches = examples::command().get_matches();
    let arguments = Arguments::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    match dispatch(arguments, window) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            match &failure {
                Failure::Failed(message) => print::aside(&format!("shotpoint: {message}")),
                Failure::Cancelled(None) => print::aside("Cancelled; nothing was left behind."),
                Failure::Cancelled(Some(kept)) => {
                    print::aside(&format!("Cancelled. {}", run::kept_sentence(kept)));
                }
            }
            failure.exit_code()
        }
    }
}

fn dispatch(arguments: Arguments, window: Option<Window>) -> Result<(), Failure> {
    match arguments.command {
        None => open_window(
            WindowRequest {
                paths: arguments.paths,
                reset_settings: arguments.reset_settings,
                wayland: arguments.wayland,
                tour: arguments
                    .tour
                    .map(|path| (path, print::report as TakeReport)),
            },
            window,
        ),
        Some(Command::Demo(given)) => demo::demo(&given, window),
        Some(Command::Scan(given)) => info::scan(&given),
        Some(Command::Import(given)) => import::import(&given),
        Some(Command::Info { path, json }) => info::info(&path, json),
        Some(Command::Headers(given)) => headers::headers(&given),
        Some(Command::Ensembles { dataset, by, json }) => headers::ensembles(&dataset, &by, json),
        Some(Command::Export(given)) => export::export(&given),
        Some(Command::Verify {
            dataset,
            against,
            json,
        }) => export::verify(&dataset, against.as_deref(), json),
        Some(Command::Render(given)) => render::render(&given),
    }
}

fn open_window(request: WindowRequest, window: Option<Window>) -> Result<(), Failure> {
    let Some(window) = window else {
        return Err(Failure::new(
            "this program was built without a window; `shotpoint --help` lists its commands",
        ));
    };
    if !(window.has_display)() {
        return Err(Failure::new(
            "there is no display to open a window on (neither DISPLAY nor WAYLAND_DISPLAY is set); \
             `shotpoint --help` lists the commands that need none",
        ));
    }
    (window.open)(request).map_err(Failure::new)
}
