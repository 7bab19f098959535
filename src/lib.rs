#![doc = include_str!("../README.md")]
#![allow(clippy::needless_doctest_main, reason = "the README shows whole files")]

#[cfg(feature = "local")]
pub use embed_migrations_core::{Cause, Error, Runner};
pub use embed_migrations_core::{
    Divergence, Event, Kept, Migration, Migrations, Place, Problem, Reached, Report, Rule, Status,
};
#[cfg(feature = "remote")]
pub use embed_migrations_remote as remote;
#[cfg(feature = "local")]
pub use rusqlite;

/// Embeds a folder of SQL files, checked and rehearsed, as [`Migrations`].
///
/// ```
/// use embed_migrations::{Migrations, embed_migrations};
///
/// // The folder `migrations` beside the Cargo.toml of this crate.
/// static MIGRATIONS: Migrations = embed_migrations!();
///
/// // Another folder, relative to Cargo.toml; it may also be "../migrations".
/// const ALSO: Migrations = embed_migrations!("migrations");
///
/// // SQL functions (with their number of arguments) and collations that the application adds to SQLite:
/// // the rehearsal puts stand-ins in their place.
/// static WITH_OWN: Migrations =
///     embed_migrations!("migrations", functions = ["normalize/2"], collations = ["unicase"]);
/// # assert_eq!((MIGRATIONS.len(), ALSO.len(), WITH_OWN.len()), (3, 3, 3));
/// ```
///
/// # Errors
///
/// Every problem of the folder is one compile error, in this form:
///
/// ```text
/// migrations/002_add_bio_to_users.sql:2:13: no such table: usres [sql-error]
///   |
/// 2 | ALTER TABLE usres ADD COLUMN bio TEXT;
///   |             ^^^^^
/// ```
///
/// # A new file
///
/// The compiler notices files that change or go. For new ones, stable Rust needs one line in `build.rs`:
///
/// ```no_run
/// // in fn main of build.rs
/// println!("cargo::rerun-if-changed=migrations");
/// ```
///
/// Without it a debug build refuses to run, and names the file it does not hold ([`Error::StaleBuild`]).
#[macro_export]
macro_rules! embed_migrations {
    ($($args:tt)*) => {
        $crate::__private::embed!($crate, $($args)*)
    };
}

/// What the expansion of [`embed_migrations!`] names.
#[doc(hidden)]
pub mod __private {
    pub use embed_migrations_core::__private::{Migration, Migrations, Mode, NONE, Set};
    pub use embed_migrations_macros::embed;
}

/// The chapter of the docs on engines elsewhere; its examples have to compile.
#[cfg(all(doctest, feature = "http", feature = "local"))]
#[doc = include_str!("../docs/remote.md")]
struct Remote;
