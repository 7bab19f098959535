//! Any text is cut where `sqlite3_complete` cuts it.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Err(difference) = faults::text::check_splitter(text) {
        panic!("{difference}");
    }
});
