#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| shotpoint_fuzz::dataset(bytes));
