//! SQLite's own word on where a statement ends: `sqlite3_complete`, which reads text only, and the tail that
//! `sqlite3_prepare_v2` leaves, which needs a database in which the statement compiles.
#![allow(unsafe_code, reason = "rusqlite hands out neither")]

use std::ffi::{CStr, c_int};
use std::ptr;

use rusqlite::ffi;

/// Whether a text ends with a whole statement.
pub fn complete(text: &CStr) -> bool {
    // SAFETY: it reads up to the NUL, and keeps nothing.
    unsafe { ffi::sqlite3_complete(text.as_ptr()) == 1 }
}

/// A database in memory.
pub struct Memory(*mut ffi::sqlite3);

impl Memory {
    pub fn new() -> Self {
        let mut memory = Self(ptr::null_mut());
        // SAFETY: the name ends with a NUL, and what is opened is closed once, when this is dropped.
        let code = unsafe { ffi::sqlite3_open(c":memory:".as_ptr(), &raw mut memory.0) };
        assert_eq!(code, ffi::SQLITE_OK, "there is memory for a database");
        memory
    }

    /// Runs the first statement of a text: how long it was with its `;`, and whether there was one at all.
    pub fn run_first(&self, text: &CStr) -> Result<(usize, bool), String> {
        let (mut statement, mut tail) = (ptr::null_mut(), ptr::null());
        // SAFETY: the database is open, and the text ends with a NUL; the tail points into the text. A statement
        // that is null may be stepped and finalized too, to no effect.
        let (length, code) = unsafe {
            let code = ffi::sqlite3_prepare_v2(self.0, text.as_ptr(), -1, &raw mut statement, &raw mut tail);
            if code != ffi::SQLITE_OK {
                return Err(self.message());
            }
            let length = tail.offset_from(text.as_ptr());
            let mut code = ffi::SQLITE_DONE;
            if !statement.is_null() {
                code = ffi::sqlite3_step(statement);
                while code == ffi::SQLITE_ROW {
                    code = ffi::sqlite3_step(statement);
                }
            }
            (length, code)
        };
        let told = if code == ffi::SQLITE_DONE { Ok(()) } else { Err(self.message()) };
        // SAFETY: it is finalized once, and not used after.
        let _: c_int = unsafe { ffi::sqlite3_finalize(statement) };
        told.map(|()| (usize::try_from(length).unwrap_or_default(), !statement.is_null()))
    }

    fn message(&self) -> String {
        // SAFETY: the database is open, and its message is copied before the next call.
        unsafe { CStr::from_ptr(ffi::sqlite3_errmsg(self.0)) }.to_string_lossy().into_owned()
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        // SAFETY: it is closed once, and no statement of it is left.
        unsafe { ffi::sqlite3_close(self.0) };
    }
}
