//! A file of any bytes is accepted, or refused at places that are there: as the first one, and as the second.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for files in [vec![("000_first.sql", bytes)], faults::text::after_a_first(bytes)] {
        if let Err(difference) = faults::text::check_folder(&files) {
            panic!("{difference}");
        }
    }
});
