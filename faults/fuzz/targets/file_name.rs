//! A file name is read as a naive reading has it.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|file_name: &str| {
    if let Err(difference) = faults::text::check_file_name(file_name) {
        panic!("{difference}");
    }
});
