//! The table of damages, tried one after another, and printed.

use std::fs;
use std::path::Path;

use shotpoint::dataset::Dataset;

use crate::cases::{Case, End, PLAIN};
use crate::checks::{
    assert_all_lies_where_it_lay, assert_only_the_overview, assert_rest_is_there, browsed, verified,
};
use crate::harm::{Harm, copy, harm};
use crate::made_files::folder;
use crate::odd_cases::ODD;
use crate::sound::Sound;

fn try_case(folder: &Path, sound: &Sound, (about, case, end): &Case) {
    let path = folder.join("damaged.shotpoint");
    let outside = folder.join("outside");
    fs::create_dir_all(&outside).unwrap();
    copy(&sound.path, &path);
    harm(&path, &outside, case);
    match end {
        End::Refused(sentence) => {
            let error = Dataset::open(&path).unwrap_err().to_string();
            assert!(error.contains(sentence), "{about}: {error}");
            println!("| {about} | refused: {error}");
        }
        End::Named(sentence, _) | End::KeptInPlace(sentence) | End::Overview(sentence) => {
            let report = verified(&path);
            assert!(!report.is_sound(), "{about}: not seen");
            assert!(
                report.faults.iter().any(|fault| fault.contains(sentence)),
                "{about}: {:#?}",
                report.faults
            );
            match end {
                End::Named(_, n_filled) => assert_rest_is_there(&path, sound, *n_filled, about),
                End::KeptInPlace(_) => assert_all_lies_where_it_lay(&path, sound, about),
                End::Overview(_) | End::Refused(_) | End::Harmless => {
                    assert_only_the_overview(&path, sound, about);
                }
            }
            let left_out = browsed(&path).unwrap_or_default();
            println!("| {about} | {} | {left_out}", report.faults[0]);
        }
        End::Harmless => {
            let report = verified(&path);
            assert!(report.is_sound(), "{about}: {:?}", report.faults);
            assert_eq!(browsed(&path), None, "{about}");
            println!("| {about} | harmless: {:?} |", report.notes);
        }
    }
    fs::remove_dir_all(&path).unwrap();
    fs::remove_dir_all(&outside).unwrap();
}

fn try_all(folder: &Path, sound: &Sound, cases: &[Case]) {
    assert!(verified(&sound.path).is_sound());
    assert_eq!(browsed(&sound.path), None);
    for case in cases {
        if cfg!(unix) || !matches!(case.1, Harm::Link(_)) {
            try_case(folder, sound, case);
        }
    }
}

#[test]
fn damage_is_named_and_the_rest_is_given() {
    let folder = folder();
    try_all(folder.path(), &Sound::plain(folder.path()), PLAIN);
}

#[test]
fn damage_of_what_is_odd_is_named_and_the_rest_is_given() {
    let folder = folder();
    let sound = Sound::odd(folder.path());
    let manifest = Dataset::open(&sound.path).unwrap().manifest().clone();
    assert_eq!(manifest.segy.n_exceptions, 3);
    assert_eq!(manifest.segy.geometry.unwrap().gap_bytes, 40);
    try_all(folder.path(), &sound, ODD);
}
