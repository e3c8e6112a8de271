//! What happens when an import loses the right to write midway? Tried with real permissions.
//!
//! The program runs without the right to overrule them, which root has (`setpriv`); where that cannot be
//! taken away, the test says so and passes.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

mod made_files;

use std::process::{Command, Output};

use made_files::MadeFile;

const PROGRAM: &str = env!("CARGO_BIN_EXE_shotpoint");

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Runs a script of `sh` that permissions bind; `None` where that is not possible.
fn bound_by_permissions(script: &str, arguments: &[&std::path::Path]) -> Option<Output> {
    const NOT_POSSIBLE: i32 = 77;
    let script = format!(
        "rm -rf \"$1/probe\"; mkdir \"$1/probe\" && chmod a-w \"$1/probe\"\n\
         if mkdir \"$1/probe/x\" 2>/dev/null; then exit {NOT_POSSIBLE}; fi\n\
         rmdir \"$1/probe\"\n{script}"
    );
    let run = |program: &str, before: &[&str]| {
        let mut command = Command::new(program);
        command
            .args(before)
            .args(["-c", &script, "sh"])
            .args(arguments);
        let output = command.output().ok()?;
        let is_possible = output.status.code() != Some(NOT_POSSIBLE);
        (is_possible && !text(&output.stderr).starts_with("setpriv: ")).then_some(output)
    };
    let output = run("sh", &[]).or_else(|| {
        let rights = "--bounding-set=-dac_override,-dac_read_search";
        run("setpriv", &[rights, "sh"])
    });
    if output.is_none() {
        println!("skipped: permissions bind nobody here");
    }
    output
}

/// The folder of the shards becomes read-only while the first shard is being written.
#[test]
fn an_import_that_may_not_write_any_more_says_so_and_goes_on_later() {
    let folder = made_files::folder();
    let source = MadeFile {
        n_traces: 40_000,
        n_samples: 50,
        ..MadeFile::default()
    }
    .write(folder.path());
    let script = "partial=$1/out.shotpoint.partial\n\
         \"$2\" import \"$3\" -o \"$1/out.shotpoint\" --threads 2 --mode streaming --json \
             >/dev/null 2>\"$1/said\" & import=$!\n\
         while [ ! -e \"$partial/traces.zarr/amplitude/c/0/0\" ] && kill -0 $import; do :; done\n\
         kill -STOP $import\n\
         chmod -R a-w \"$partial\"\n\
         kill -CONT $import; wait $import; echo ended: $?\n\
         echo left: $(ls -A \"$1\")\n\
         chmod -R u+w \"$1\"\n\
         \"$2\" import \"$3\" -o \"$1/out.shotpoint\" --threads 2 --mode streaming --json \
             --resume --overwrite >/dev/null || exit 1\n\
         \"$2\" verify \"$1/out.shotpoint\" --against \"$3\" >/dev/null; exit $?";
    let place = folder.path().join("place");
    std::fs::create_dir(&place).unwrap();
    let program = std::path::Path::new(PROGRAM);
    let Some(output) = bound_by_permissions(script, &[&place, program, &source]) else {
        return;
    };
    let (lines, errors) = (text(&output.stdout), text(&output.stderr));
    let said = std::fs::read_to_string(place.join("said")).unwrap();
    println!("{lines}{said}{errors}");
    assert_eq!(output.status.code(), Some(0), "{lines}{errors}");
    if lines.starts_with("ended: 0") {
        // It was quicker than the script.
        return;
    }
    assert!(lines.starts_with("ended: 1\n"), "{lines}{said}");
    assert!(said.contains("ermission"), "{said}");
    assert!(lines.contains("left: out.shotpoint.partial"), "{lines}");
}
