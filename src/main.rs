//! The program. Everything is in the library; see `shotpoint::cli`.

fn main() -> std::process::ExitCode {
    shotpoint::cli::main()
}
