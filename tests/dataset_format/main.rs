//! Is what we write the public format? Every dataset made here is read back twice: by our own
//! reader, and by zarrs' generic one, which knows nothing of us. Damage must be found and named,
//! and a folder appears whole or not at all.
#![expect(clippy::unwrap_used, reason = "tests")]

mod damage;
mod interop;
mod parts;
#[path = "../python/mod.rs"]
mod python;
mod round_trip;
mod support;
mod whole_or_not;
