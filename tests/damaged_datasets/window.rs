//! The window on damaged datasets.

use shotpoint::import::ImportOptions;

use crate::harm::Harm::{Flip, Remove};
use crate::harm::harm;
use crate::made_files::{by_keys, folder, imported};
use crate::window_kit::{self, wait_for, window, write_segy};

const FIRST_SHARD: &str = "traces.zarr/amplitude/c/0/0";

#[test]
fn the_window_shows_what_is_left_and_says_what_is_missing() {
    let folder = folder();
    let source = folder.path().join("line12.sgy");
    write_segy(&source, window_kit::SHOTS);
    let options = ImportOptions {
        chunk_traces: Some(8),
        threads: Some(1),
        ..ImportOptions::default()
    };
    let path = imported(&source, &by_keys(&["ffid"]), &options).dataset;
    harm(&path, folder.path(), &Flip(FIRST_SHARD, |_| 20));
    let mut harness = window(vec![path.clone()]);
    wait_for(&mut harness, "Seismic section, FFID 101, 12 traces");
    wait_for(
        &mut harness,
        "Damaged and left out: chunk 0 (traces 0 to 7)",
    );
    drop(harness);

    harm(&path, folder.path(), &Remove("headers.parquet"));
    let mut harness = window(vec![path]);
    wait_for(&mut harness, "Seismic section");
    wait_for(&mut harness, "the table of trace headers cannot be read");
}
