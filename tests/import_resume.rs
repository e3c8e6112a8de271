//! Does a killed import go on, and make the same dataset to the last byte?
//!
//! The built program is killed (SIGKILL) at fifty moments; some of the times the power is cut too:
//! all that no checkpoint has synced is cut off or overwritten. Then it goes on, until it is done.

#![cfg(unix)]
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

mod made_files;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use made_files::{MadeFile, contents, files_below};
use serde_json::Value;
use shotpoint::dataset::{Dataset, Partial, PartialState};

const PROGRAM: &str = env!("CARGO_BIN_EXE_shotpoint");
const N_KILLS: usize = 50;

/// A sequence of numbers that look random and are the same each time.
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }
}

/// Several row groups, ensembles that cross them, and IBM words that are kept apart.
fn source(folder: &Path, n_traces: u32, n_samples: u32) -> PathBuf {
    let made = MadeFile {
        n_traces: 1,
        n_samples,
        ..MadeFile::default()
    };
    let one = made.bytes();
    let (file_headers, trace) = one.split_at(3600);
    let mut trace = trace.to_vec();
    let mut bytes = file_headers.to_vec();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for index in 0..n_traces {
        trace[..4].copy_from_slice(&(index + 1).to_be_bytes());
        trace[8..12].copy_from_slice(&(index / 37 + 1).to_be_bytes());
        trace[20..24].copy_from_slice(&index.to_be_bytes());
        for word in trace[240..].chunks_exact_mut(4) {
            let noise = u32::try_from(random.below(0xf0_0000)).unwrap();
            word.copy_from_slice(&(0x4210_0000 + noise).to_be_bytes());
        }
        if index % 601 == 17 {
            // Not normalised: it does not come back from a float.
            trace[248..252].copy_from_slice(&0x4200_0123_u32.to_be_bytes());
        }
        bytes.extend_from_slice(&trace);
    }
    bytes.extend_from_slice(b"behind the last trace");
    let path = folder.join("made.sgy");
    fs::write(&path, bytes).unwrap();
    path
}

fn command(source: &Path, output: &Path, more: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.arg("import").arg(source).arg("-o").arg(output);
    command.args(["--threads", "3", "--mode", "streaming", "--json"]);
    command
        .args(more)
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    command
}

fn resumed(source: &Path, output: &Path) -> Output {
    command(source, output, &["--resume"]).output().unwrap()
}

fn sentence(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn assert_same(found: &Path, expected: &BTreeMap<String, Vec<u8>>) {
    let found = contents(found);
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&found), names(expected));
    for (name, bytes) in expected {
        assert!(found[name] == *bytes, "{name} differs");
    }
}

/// Lets the program run for a while, then kills it. Its output, if it ended before.
fn killed_after(mut child: Child, time: Duration) -> Option<Output> {
    let begun = Instant::now();
    while begun.elapsed() < time {
        if child.try_wait().unwrap().is_some() {
            return Some(child.wait_with_output().unwrap());
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    None
}

/// The facts of the checkpoint, if there is one.
fn checkpoint(partial: &Path) -> Option<Value> {
    let bytes = fs::read(partial.join("journal/checkpoint")).ok()?;
    let start = bytes.iter().position(|&byte| byte == b'\n').unwrap() + 9;
    let length = u64::from_le_bytes(bytes[start - 8..start].try_into().unwrap());
    let end = start + usize::try_from(length).unwrap();
    Some(serde_json::from_slice(&bytes[start..end]).unwrap())
}

/// What a power cut may do to all that no checkpoint has synced: files end early, or in rubbish.
fn cut_the_power(partial: &Path, random: &mut Random) -> bool {
    let Some(facts) = checkpoint(partial) else {
        return false;
    };
    let next_chunk = facts["chunks"]["next_chunk"].as_u64().unwrap();
    let lengths = facts["chunks"]["lengths"].as_array().unwrap();
    let synced: u64 = lengths.iter().map(|length| length.as_u64().unwrap()).sum();
    let n_parts = |table: &Value| table["n_parts"].as_u64().unwrap();
    for path in files_below(partial) {
        let name = path.strip_prefix(partial).unwrap().display().to_string();
        let number = |prefix: &str, suffix: &str| -> Option<u64> {
            name.strip_prefix(prefix)?
                .strip_suffix(suffix)?
                .parse()
                .ok()
        };
        let shard = number("traces.zarr/amplitude/c/", "/0");
        let begins_unsynced = if let Some(shard) = shard {
            match shard.cmp(&(next_chunk / 128)) {
                std::cmp::Ordering::Less => continue,
                std::cmp::Ordering::Equal => synced,
                std::cmp::Ordering::Greater => 0,
            }
        } else if let Some(part) = number("journal/headers/", ".parquet") {
            if part < n_parts(&facts["headers"]) {
                continue;
            }
            0
        } else if let Some(part) = number("journal/ensembles/", ".parquet") {
            if part < n_parts(&facts["ensembles"]["table"]) {
                continue;
            }
            0
        } else if let Some(part) = number("journal/exceptions/", ".parquet") {
            if part < n_parts(&facts["exceptions"]) {
                continue;
            }
            0
        } else if name.starts_with("journal/chunks-") || name == "headers.parquet" {
            0
        } else {
            continue;
        };
        let mut bytes = fs::read(&path).unwrap();
        let begins_unsynced = usize::try_from(begins_unsynced).unwrap();
        let rest = bytes.len() as u64 - begins_unsynced as u64;
        let kept = begins_unsynced + usize::try_from(random.below(rest + 1)).unwrap();
        bytes.truncate(kept);
        let n_rubbish = random.below(5000);
        bytes.extend((0..n_rubbish).map(|_| u8::try_from(random.below(256)).unwrap()));
        fs::write(&path, bytes).unwrap();
    }
    true
}

#[test]
fn an_import_that_is_killed_fifty_times_makes_the_same_dataset() {
    let folder = made_files::folder();
    let source = source(folder.path(), 300_000, 16);
    let whole = folder.path().join("whole.shotpoint");
    let begun = Instant::now();
    let undisturbed = command(&source, &whole, &[]).output().unwrap();
    let takes = begun.elapsed();
    assert!(undisturbed.status.success(), "{}", sentence(&undisturbed));
    let expected = contents(&whole);
    assert!(expected.contains_key("segy/exceptions.parquet"));

    let output = folder.path().join("killed.shotpoint");
    let partial = folder.path().join("killed.shotpoint.partial");
    let mut random = Random(0x1234_5678_9abc_def1);
    let (mut kills, mut cuts, mut behind_checkpoint, mut finished) = (0, 0, 0, 0);
    let most = u64::try_from(takes.as_millis()).unwrap();
    while kills < N_KILLS || finished == 0 {
        let time = Duration::from_millis(random.below(most * 2 / 3 + 20));
        let child = command(&source, &output, &["--resume"]).spawn().unwrap();
        let end = killed_after(child, time);
        if end.is_none() {
            kills += 1;
        }
        // It may have been killed right behind the last rename.
        if end.is_some() || output.exists() {
            let failed = end.filter(|end| !end.status.success());
            assert!(failed.is_none(), "{}", sentence(&failed.unwrap()));
            assert_same(&output, &expected);
            fs::remove_dir_all(&output).unwrap();
            finished += 1;
            continue;
        }
        if checkpoint(&partial).is_some() {
            behind_checkpoint += 1;
        }
        if random.below(3) == 0 && cut_the_power(&partial, &mut random) {
            cuts += 1;
        }
    }
    let end = resumed(&source, &output);
    assert!(end.status.success(), "{}", sentence(&end));
    assert_same(&output, &expected);
    println!(
        "{kills} kills, {behind_checkpoint} of them behind a checkpoint, {cuts} with the power cut, \
         {} imports; one takes {takes:?}",
        finished + 1
    );
    assert!(behind_checkpoint > 0 && cuts > 0);
}

/// Kills one import as soon as its first checkpoint is there.
fn killed_behind_a_checkpoint(source: &Path, output: &Path) -> PathBuf {
    let partial = output.with_extension("shotpoint.partial");
    let mut child = command(source, output, &["--overwrite"]).spawn().unwrap();
    while checkpoint(&partial).is_none() {
        assert!(child.try_wait().unwrap().is_none(), "it ended too early");
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    partial
}

#[test]
fn what_cannot_go_on_says_why_and_stays() {
    let folder = made_files::folder();
    let source = source(folder.path(), 200_000, 16);
    let output = folder.path().join("made.shotpoint");
    let partial = killed_behind_a_checkpoint(&source, &output);
    let inspected = Partial::inspect(&output).unwrap();
    assert_eq!(inspected.state, PartialState::Resumable);
    assert!(
        (0.1..1.0).contains(&inspected.share_done()),
        "{inspected:?}"
    );
    assert!(
        inspected
            .sentence()
            .starts_with("An import of made.sgy was interrupted at ")
    );

    // Without a word for or against it, nothing is thrown away.
    let end = command(&source, &output, &[]).output().unwrap();
    assert!(sentence(&end).contains("Use --resume to go on, or --overwrite to begin again"));
    // Another plan.
    let end = command(&source, &output, &["--resume", "--codec", "fast"])
        .output()
        .unwrap();
    assert!(
        sentence(&end).contains("codec is not what it was"),
        "{}",
        sentence(&end)
    );
    let end = command(&source, &output, &["--resume", "--ensemble", "cdp"])
        .output()
        .unwrap();
    assert!(
        sentence(&end).contains("is not what it was"),
        "{}",
        sentence(&end)
    );
    // A damaged checkpoint.
    let file = partial.join("journal/checkpoint");
    let good = fs::read(&file).unwrap();
    let mut damaged = good.clone();
    damaged[100] ^= 1;
    fs::write(&file, damaged).unwrap();
    assert_eq!(
        Partial::inspect(&output).unwrap().state,
        PartialState::Damaged
    );
    let end = resumed(&source, &output);
    assert!(
        sentence(&end).contains("its journal is damaged"),
        "{}",
        sentence(&end)
    );
    fs::write(&file, good).unwrap();
    // Another version's.
    let notes = partial.join("journal/import.json");
    let good = fs::read_to_string(&notes).unwrap();
    fs::write(
        &notes,
        good.replace("\"journal_version\": 3", "\"journal_version\": 99"),
    )
    .unwrap();
    assert_eq!(
        Partial::inspect(&output).unwrap().state,
        PartialState::OtherVersion
    );
    let end = resumed(&source, &output);
    assert!(sentence(&end).contains("version 99"), "{}", sentence(&end));
    fs::write(&notes, good).unwrap();

    // The same length and time, but not the same bytes.
    let modified = fs::metadata(&source).unwrap().modified().unwrap();
    let good = fs::read(&source).unwrap();
    let mut other = good.clone();
    // The last byte of the first sample: no scan would see that.
    other[3600 + 243] ^= 1;
    let rewrite = |bytes: &[u8], time| {
        fs::write(&source, bytes).unwrap();
        let file = fs::OpenOptions::new().write(true).open(&source).unwrap();
        file.set_modified(time).unwrap();
    };
    rewrite(&other, modified);
    let end = resumed(&source, &output);
    assert!(
        sentence(&end).contains("the source is not what it was"),
        "{}",
        sentence(&end)
    );
    // Written since, whatever was written.
    rewrite(&good, modified + Duration::from_secs(5));
    let end = resumed(&source, &output);
    assert!(
        sentence(&end).contains("was written to since"),
        "{}",
        sentence(&end)
    );
    assert!(partial.is_dir());
    // And after all that it still goes on.
    rewrite(&good, modified);
    // And with no option repeated: they stand in the journal.
    let mut bare = Command::new(PROGRAM);
    bare.arg("import").arg(&source).arg("-o").arg(&output);
    let end = bare.arg("--resume").output().unwrap();
    assert!(end.status.success(), "{}", sentence(&end));
    assert!(!partial.exists());
    let manifest = Dataset::open(&output).unwrap().manifest().clone();
    assert_eq!(
        (manifest.timings.mode.as_str(), manifest.timings.threads),
        ("streaming", 3)
    );
}

/// Ended between the manifest and the last rename, with the journal gone or not.
#[test]
fn a_whole_dataset_without_its_name_gets_it() {
    for has_journal in [true, false] {
        let folder = made_files::folder();
        let source = source(folder.path(), 2_000, 16);
        let output = folder.path().join("made.shotpoint");
        let end = command(&source, &output, &[]).output().unwrap();
        assert!(end.status.success(), "{}", sentence(&end));
        let expected = contents(&output);
        let partial = folder.path().join("made.shotpoint.partial");
        fs::rename(&output, &partial).unwrap();
        if has_journal {
            fs::create_dir(partial.join("journal")).unwrap();
            fs::write(partial.join("import.lock"), "").unwrap();
        }
        let end = resumed(&source, &output);
        assert!(end.status.success(), "{}", sentence(&end));
        assert_same(&output, &expected);
    }
}

/// What a terminal's Ctrl-C does.
fn interrupt(child: &Child) {
    let id = child.id().to_string();
    let sent = Command::new("kill").args(["-INT", &id]).status().unwrap();
    assert!(sent.success());
}

#[test]
fn an_interrupt_keeps_what_was_asked_for() {
    let folder = made_files::folder();
    let source = source(folder.path(), 200_000, 16);
    let output = folder.path().join("made.shotpoint");
    let partial = folder.path().join("made.shotpoint.partial");
    for (arguments, kept) in [
        (&["--on-cancel", "remove"][..], false),
        (&[], false),
        (&["--on-cancel", "keep"], true),
        (&["--resume"], true),
        (&["--resume", "--on-cancel", "remove"], false),
    ] {
        // Each run begins a log of its own, when it listens to interrupts already. There is something
        // to keep once a chunk is in it.
        let log = (0..1000)
            .map(|number| partial.join(format!("journal/chunks-{number}.log")))
            .find(|log| !log.exists())
            .unwrap();
        let mut child = command(&source, &output, arguments).spawn().unwrap();
        while std::fs::metadata(&log).map_or(0, |log| log.len()) == 0 {
            assert!(child.try_wait().unwrap().is_none(), "it ended too early");
            std::thread::sleep(Duration::from_millis(1));
        }
        interrupt(&child);
        let end = child.wait_with_output().unwrap();
        assert_eq!(
            end.status.code(),
            Some(130),
            "{arguments:?}: {}",
            sentence(&end)
        );
        assert_eq!(partial.exists(), kept, "{arguments:?}: {}", sentence(&end));
        let said = if kept {
            "is kept; the same command with --resume"
        } else {
            "nothing was left"
        };
        assert!(
            sentence(&end).contains(said),
            "{arguments:?}: {}",
            sentence(&end)
        );
    }
}
