//! The command line: the engine's other shell.

/// Runs the program by its command line and gives the exit code.
pub fn main() -> std::process::ExitCode {
    todo!()
}
