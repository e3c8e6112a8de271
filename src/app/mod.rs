//! The window: state, commands, panels. The other shell over the engine.
//!
//! ```text
//!   workers ──Event──► App::logic ──► State ──► panels draw (App::ui) ──► Command queue ──► execute
//!   (scans, dialogs, painting, opening: threads)                                      (one place)
//! ```
//! Frame code reads no file, not even whether one exists; it draws state and queues commands.
//! The folders mirror the screen: `welcome`, `import_page`, `jobs`, `viewer`.

mod command;
mod dialogs;
mod drop;
mod export_dialog;
mod fallback_font;
mod heap;
mod icon;
mod import_page;
mod jobs;
mod messages;
mod names;
mod notices;
mod numbers;
mod open;
mod palette;
mod picture_dialog;
mod scale_dialog;
mod section;
mod settings;
mod settings_dialog;
mod shortcuts;
mod state;
mod status_bar;
mod theme;
mod top_bar;
mod tour;
mod view_memory;
mod viewer;
mod welcome;
mod widgets;
mod window;
mod workers;

use std::path::PathBuf;

use crate::job::JobContext;

pub use window::App;

/// Makes the sample file of shot gathers and gives its path; or says in a sentence why it could not.
pub type MakeSample = fn(&JobContext) -> Result<PathBuf, String>;

/// Takes the report of a tour, as the window closes.
pub type TakeReport = fn(&str);

/// How to open the window.
#[derive(Clone, Debug, Default)]
pub struct Launch {
    /// Files and datasets to open at once.
    pub paths: Vec<PathBuf>,
    /// Forget settings and recent files.
    pub reset_settings: bool,
    /// Use native Wayland although X11 is there; files cannot be dropped then.
    pub wayland: bool,
    /// Makes the sample shot gathers; without it the welcome page does not offer them.
    pub sample: Option<MakeSample>,
    /// A script that the window follows while it measures itself, and what to do with the report.
    pub tour: Option<(PathBuf, TakeReport)>,
}

/// The name under which settings are kept.
const APP_ID: &str = "shotpoint";

/// Opens the window and returns when it is closed.
///
/// # Errors
/// A sentence, when there is no display or no way to draw.
pub fn run(launch: Launch) -> Result<(), String> {
    heap::give_memory_back();
    let tour = launch.tour.as_ref();
    let mut tour = tour
        .map(|(path, say)| tour::Tour::read(path, *say))
        .transpose()?;
    let mut options = eframe::NativeOptions {
        viewport: egui::ViewportBuilder::default()
            .with_title("Shotpoint")
            .with_app_id(APP_ID)
            .with_inner_size([1440.0, 900.0])
            .with_min_inner_size([1024.0, 640.0])
            .with_drag_and_drop(true)
            .with_icon(icon::icon_data(128)),
        renderer: eframe::Renderer::Glow,
        dithering: false,
        persist_window: true,
        ..Default::default()
    };
    let drops_arrive = prefer_x11(&mut options, launch.wayland);
    eframe::run_native(
        APP_ID,
        options,
        Box::new(move |cc| {
            let mut app = App::new(cc, &launch, drops_arrive);
            app.follow(tour.take());
            Ok(Box::new(app))
        }),
    )
    .map_err(|error| no_window(&error))
}

/// Asks for the X11 event loop where there is an X server, because files can be dropped only there
/// (winit 0.30); gives whether dropped files will arrive.
#[cfg(target_os = "linux")]
fn prefer_x11(options: &mut eframe::NativeOptions, wayland: bool) -> bool {
    let x11 = is_set("DISPLAY") && !(wayland && is_set("WAYLAND_DISPLAY"));
    if x11 {
        options.event_loop_builder = Some(Box::new(|builder| {
            use winit::platform::x11::EventLoopBuilderExtX11 as _;
            builder.with_x11();
        }));
    }
    x11
}

#[cfg(not(target_os = "linux"))]
fn prefer_x11(_options: &mut eframe::NativeOptions, _wayland: bool) -> bool {
    true
}

fn no_window(error: &eframe::Error) -> String {
    // winit names the line of its own source: nobody needs that.
    let words = error.to_string();
    let words = match (words.find("os error at "), words.rsplit_once(": ")) {
        (Some(_), Some((_, cause))) => cause,
        _ => words.as_str(),
    };
    format!(
        "The window cannot be opened: {words}. Is there a display, and OpenGL 2 or newer (on Debian: \
         apt install libgl1 libgl1-mesa-dri libxkbcommon-x11-0)? All that the window does, the command \
         line does too: shotpoint --help"
    )
}

/// Whether this session seems to have a display at all.
pub fn has_display() -> bool {
    if cfg!(any(target_os = "windows", target_os = "macos")) {
        return true;
    }
    is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}

fn is_set(variable: &str) -> bool {
    std::env::var_os(variable).is_some_and(|value| !value.is_empty())
}
