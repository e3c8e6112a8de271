//! The fuzz targets of `fuzz/`, over their seeds and a few hundred changed ones each: so they stay
//! built, and what they promise holds without a fuzzer, too. `SHOTPOINT_FUZZ_SECONDS=300` goes on
//! longer with other changes.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

#[allow(
    dead_code,
    unreachable_pub,
    clippy::redundant_pub_crate,
    reason = "written as a crate of its own"
)]
#[path = "../fuzz/src/lib.rs"]
mod fuzz;
mod fuzz_seeds;
mod made_files;
mod small_files;
mod support;

use std::time::{Duration, Instant};

use fuzz_seeds::{Seed, seeds};

type Target = (&'static str, fn(&[u8]), u32);

/// And how often each is tried in the suite.
const TARGETS: [Target; 10] = [
    ("scan_quick", fuzz::scan_quick, 150),
    ("scan_full", fuzz::scan_full, 100),
    ("seismic_unix", fuzz::seismic_unix, 100),
    ("round_trip", fuzz::round_trip, 25),
    ("decode", fuzz::decode, 3000),
    ("text", fuzz::text, 300),
    ("mapping", fuzz::mapping, 300),
    ("expression", fuzz::expression, 1000),
    ("dataset", fuzz::dataset, 150),
    ("journal", fuzz::journal, 20),
];

/// Numbers that look random and are the same each time.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap() % n.max(1)
    }

    fn byte(&mut self) -> u8 {
        const LIKED: [u8; 8] = [0, 1, 0x7f, 0x80, 0xff, b'0', b'(', b'"'];
        let any = u8::try_from(self.below(256)).unwrap();
        if self.below(2) == 0 {
            any
        } else {
            LIKED[self.below(LIKED.len())]
        }
    }
}

/// A few changes of a seed: bytes set, bits turned, stretches copied, removed, doubled, cut.
fn changed(seeds: &[&Seed], random: &mut Random) -> Vec<u8> {
    let mut bytes = seeds[random.below(seeds.len())].bytes.clone();
    for _ in 0..=random.below(6) {
        if bytes.is_empty() {
            bytes.push(random.byte());
        }
        let at = random.below(bytes.len());
        let end = at + random.below((bytes.len() - at).min(64) + 1);
        match random.below(8) {
            0 | 1 => bytes[at] = random.byte(),
            2 => bytes[at] ^= 1 << random.below(8),
            3 => bytes.truncate(at),
            4 => drop(bytes.drain(at..end)),
            5 => bytes.insert(at, random.byte()),
            6 => {
                let other = &seeds[random.below(seeds.len())].bytes;
                let from = random.below(other.len() + 1);
                let len = random.below((other.len() - from).min(64) + 1);
                bytes.splice(at..end, other[from..from + len].iter().copied());
            }
            _ => {
                let some = bytes[at..end].to_vec();
                bytes.splice(at..at, some);
            }
        }
    }
    bytes
}

#[test]
fn no_target_falls_over_its_seeds_or_their_changes() {
    let seconds = std::env::var("SHOTPOINT_FUZZ_SECONDS").ok();
    let seconds: Option<u64> = seconds.and_then(|seconds| seconds.parse().ok());
    let only = std::env::var("SHOTPOINT_FUZZ_TARGET").ok();
    let all = seeds();
    for (name, target, times) in TARGETS {
        if only.as_deref().is_some_and(|only| only != name) {
            continue;
        }
        let seeds: Vec<&Seed> = all.iter().filter(|seed| seed.target == name).collect();
        assert!(!seeds.is_empty(), "{name} has no seeds");
        let mut random = Random(seconds.map_or(0x9e37_79b9_7f4a_7c15, |n| n * 977 + 1));
        let started = Instant::now();
        let mut slowest = Duration::ZERO;
        let mut n = 0_u64;
        let mut try_one = |bytes: &[u8]| {
            let one = Instant::now();
            let end = std::panic::catch_unwind(|| target(bytes));
            if end.is_err() {
                let path = std::env::temp_dir().join(format!("shotpoint-{name}-input"));
                std::fs::write(&path, bytes).unwrap();
                panic!("{name} fell over {}", path.display());
            }
            slowest = slowest.max(one.elapsed());
            n += 1;
        };
        for seed in &seeds {
            try_one(&seed.bytes);
        }
        let is_over = |tried: u32| match seconds {
            Some(seconds) => started.elapsed() > Duration::from_secs(seconds),
            None => tried >= times,
        };
        let mut tried = 0;
        while !is_over(tried) {
            try_one(&changed(&seeds, &mut random));
            tried += 1;
        }
        println!(
            "{name}: {n} inputs in {:?}, slowest {slowest:?}",
            started.elapsed()
        );
        assert!(slowest < Duration::from_secs(30), "{name}");
    }
    fuzz::clean_up();
}

#[test]
#[ignore = "writes into fuzz/corpus; for whoever fuzzes"]
fn write_the_seeds() {
    let corpus = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    for seed in seeds() {
        let folder = corpus.join(seed.target);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(&seed.name), &seed.bytes).unwrap();
    }
}
