//! Untracked.
fn main() {
    let paths = std::env::args_os().skip(1).map(Into::into).collect();
    let launch = shotpoint::app::Launch {
        paths,
        sample: Some(|_| Ok("/tmp/sp/small.sgy".into())),
        ..Default::default()
    };
    if let Err(e) = shotpoint::app::run(launch) {
        eprintln!("{e}");
    }
}
