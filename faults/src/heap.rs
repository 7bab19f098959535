//! An allocator between SQLite and its own: it fails one allocation of this thread, or all from there on.
//!
//! Each connection keeps its small reserve (lookaside, on by default), out of which it can still be rolled back.
#![allow(unsafe_code, reason = "SQLite takes its allocator as C function pointers, before it is initialised")]

use std::cell::Cell;
use std::ffi::{c_int, c_void};
use std::mem::MaybeUninit;
use std::ptr;
use std::sync::OnceLock;

use rusqlite::ffi;

#[derive(Clone, Copy)]
struct Plan {
    /// From 1.
    at: u64,
    forever: bool,
    allocations: u64,
}

thread_local! {
    static PLAN: Cell<Option<Plan>> = const { Cell::new(None) };
}

/// Makes an allocation of this thread fail: the `at`th one from here, from 1, or all from there on.
pub fn fail(at: u64, forever: bool) {
    PLAN.set(Some(Plan { at, forever, allocations: 0 }));
}

/// Ends failing: whether an allocation has failed.
pub fn stop_failing() -> bool {
    PLAN.take().is_some_and(|plan| plan.allocations >= plan.at)
}

fn refused() -> bool {
    let Some(mut plan) = PLAN.get() else { return false };
    plan.allocations += 1;
    PLAN.set(Some(plan));
    plan.allocations == plan.at || (plan.forever && plan.allocations > plan.at)
}

/// The two of SQLite's own methods that ours call.
struct Real {
    malloc: unsafe extern "C" fn(c_int) -> *mut c_void,
    realloc: unsafe extern "C" fn(*mut c_void, c_int) -> *mut c_void,
}

static REAL: OnceLock<Real> = OnceLock::new();

/// Puts the allocator in. Must come before anything else of SQLite in this process.
pub fn install() {
    REAL.get_or_init(|| {
        let mut real = MaybeUninit::<ffi::sqlite3_mem_methods>::uninit();
        // SAFETY: SQLite fills the struct that GETMALLOC is given, and copies the one that MALLOC is given.
        let real = unsafe {
            let code = ffi::sqlite3_config(ffi::SQLITE_CONFIG_GETMALLOC, real.as_mut_ptr());
            assert_eq!(code, ffi::SQLITE_OK, "SQLite tells its allocator before it is initialised");
            let real = real.assume_init();
            let mut ours = real;
            ours.xMalloc = Some(malloc);
            ours.xRealloc = Some(realloc);
            let code = ffi::sqlite3_config(ffi::SQLITE_CONFIG_MALLOC, ptr::addr_of_mut!(ours));
            assert_eq!(code, ffi::SQLITE_OK, "SQLite takes an allocator before it is initialised");
            real
        };
        Real {
            malloc: real.xMalloc.expect("SQLite has one"),
            realloc: real.xRealloc.expect("SQLite has one"),
        }
    });
}

unsafe extern "C" fn malloc(size: c_int) -> *mut c_void {
    match REAL.get() {
        // SAFETY: it is called as SQLite would.
        Some(real) if !refused() => unsafe { (real.malloc)(size) },
        _ => ptr::null_mut(),
    }
}

unsafe extern "C" fn realloc(memory: *mut c_void, size: c_int) -> *mut c_void {
    match REAL.get() {
        // SAFETY: it is called as SQLite would; what malloc gave came from the same allocator.
        Some(real) if !refused() => unsafe { (real.realloc)(memory, size) },
        _ => ptr::null_mut(),
    }
}
