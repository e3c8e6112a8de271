//! Every way to damage a dataset that we could think of: `verify` names it, `export` gives the rest
//! and says what is missing, the window's source opens what can be opened, and nothing outside the
//! folder is read or touched. Prints the tables of damages.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

mod cases;
mod checks;
mod command_line;
mod harm;
mod header_values;
#[path = "../made_files/mod.rs"]
mod made_files;
mod odd_cases;
mod overview;
mod sound;
mod table;
mod unfinished;
#[cfg(feature = "gui")]
mod window;
#[cfg(feature = "gui")]
#[path = "../window_kit/mod.rs"]
mod window_kit;
