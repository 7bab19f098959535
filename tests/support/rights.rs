//! Tests of what a process is not allowed to do. A superuser is allowed everything, so under one the test is run once
//! more, in a process that has given up its rights: nothing passes here because of who started it.
#![cfg(unix)]

use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

/// The user and the group that own nothing, on every Unix that has a name for them.
const NOBODY: u32 = 65534;

/// Set in the process without rights, which must not start another one.
const GIVEN_UP: &str = "EMBED_MIGRATIONS_RIGHTS_GIVEN_UP";

/// Runs a test of this program, named as the test harness names it, as nobody.
pub(crate) fn again_without_them(test: &str) {
    assert!(std::env::var_os(GIVEN_UP).is_none(), "{test}: nobody is allowed what was to be denied");
    let output = Command::new(this_program())
        .args(["--exact", test])
        .env(GIVEN_UP, "1")
        .env_remove("TMPDIR") // which may be the superuser's own
        .uid(NOBODY)
        .gid(NOBODY)
        .output()
        .expect("this program starts again");
    let printed = String::from_utf8_lossy(&output.stdout);
    // With a name that no test has, the harness would run none, and succeed.
    assert!(output.status.success() && printed.contains("1 passed"), "as nobody:\n{printed}");
}

/// On Linux by the link that the kernel follows itself: the folders on the way may be closed to nobody.
fn this_program() -> PathBuf {
    if cfg!(target_os = "linux") {
        PathBuf::from("/proc/self/exe")
    } else {
        std::env::current_exe().expect("this program has a path")
    }
}
