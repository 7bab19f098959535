#![doc = include_str!("../README.md")]
#![allow(clippy::needless_doctest_main, reason = "the README shows whole files")]

#[cfg(feature = "local")]
pub use embed_migrations_core::{Backup, Cause, Error, Runner, Verifier};
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
/// Steps in Rust are named by the paths of functions of `&Connection`. A file calls one by the last segment of its path, in
/// a statement of its own, `SELECT migrate_step('rehash_passwords');`:
///
/// ```
/// use embed_migrations::rusqlite::{Connection, Result};
/// use embed_migrations::{Migrations, embed_migrations};
///
/// static MIGRATIONS: Migrations = embed_migrations!("examples/steps/migrations", steps = [rehash_passwords]);
///
/// fn rehash_passwords(conn: &Connection) -> Result<()> {
///     conn.execute_batch("UPDATE users SET password_hash = 'a better one'")
/// }
/// # assert_eq!(MIGRATIONS.run(&mut Connection::open_in_memory()?)?.applied().len(), 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// `compatible = true` proves that the previous release can use the database after each file, and `replicated = true` that
/// engines on other machines, libSQL and rqlite, can run the files.
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

/// Defines a macro that checks SQL of the application while it compiles, against the schema that the migrations make.
///
/// ```
/// use embed_migrations::rusqlite::Connection;
///
/// embed_migrations::checked_sql! { sql }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # static MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!();
/// # let mut conn = Connection::open_in_memory()?;
/// # MIGRATIONS.run(&mut conn)?;
/// // The same `&'static str`, once SQLite has prepared it.
/// let mut users = conn.prepare(sql!("SELECT id, bio FROM users WHERE email = ?1"))?;
/// # assert!(!users.exists(["nobody"])?);
/// # Ok(())
/// # }
/// ```
///
/// A column that a migration drops breaks the build of the code that still uses it. After the name come the arguments of
/// [`embed_migrations!`]: `checked_sql! { sql, "db/migrations", functions = ["normalize/2"] }`. To use the macro in other
/// modules, write `pub(crate) use sql;` after it.
///
/// # Errors
///
/// An error stands at the literal, and shows the place in it:
///
/// ```compile_fail
/// embed_migrations::checked_sql! { sql }
/// let emails = sql!("SELECT emial FROM users"); // 1:8: no such column: emial
/// ```
///
/// One statement, with or without its `;`: SELECT, INSERT, REPLACE, UPDATE, DELETE, WITH or VALUES. Double quotes are
/// names and never strings, and parameters are numbered without a gap. `concat!(…)` and constants are refused, since a
/// macro sees their words and not their text. Where something is wrong with the migrations, every statement passes:
/// [`embed_migrations!`] says what it is.
#[macro_export]
macro_rules! checked_sql {
    ($($args:tt)*) => {
        $crate::__private::checked_sql!($crate, $($args)*);
    };
}

/// Puts a table of steps in Rust into a set.
#[cfg(feature = "local")]
#[doc(hidden)]
#[macro_export]
macro_rules! __with_steps {
    ($set:ident, $count:literal, $($name:literal => $path:path),*) => {{
        static STEPS: [$crate::__private::Step; $count] = [$(
            $crate::__private::Step::new($name, |conn| {
                let _ = $path(conn)?;
                ::core::result::Result::Ok(())
            })
        ),*];
        $set.with_steps(&STEPS)
    }};
}

/// Without rusqlite there is no connection to call them with.
#[cfg(not(feature = "local"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __with_steps {
    ($set:ident, $($rest:tt)*) => {
        $set
    };
}

/// Has the compiler read files of the package, so that it compiles anew when one changes. Nothing uses them, so they are not in
/// the program. Here, as the compiler makes tokens faster than it takes them from a macro of ours.
#[doc(hidden)]
#[macro_export]
macro_rules! __tracked {
    ($folder:literal, $($file:literal)*) => {
        const _: &[&[::core::primitive::u8]] = &[$(
            ::core::include_bytes!(::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), "/", $folder, "/", $file))
        ),*];
    };
}

/// Where migrations stand in their files, and what is called on the usual mode of each. Here for the same reason.
#[doc(hidden)]
#[macro_export]
macro_rules! __positions {
    ($($at:tt $lengths:tt $($mode:ident)*;)*) => {
        &[$(
            $crate::__private::Position::new($at, $lengths, $crate::__private::Mode::USUAL $(.$mode())*)
        ),*]
    };
}

/// What the expansion of [`embed_migrations!`] names.
#[doc(hidden)]
pub mod __private {
    #[cfg(feature = "local")]
    pub use embed_migrations_core::__private::Step;
    pub use embed_migrations_core::__private::{
        Digest, Files, Later, Migration, Migrations, Mode, NONE, Position, Set,
    };
    pub use embed_migrations_macros::{check_sql, checked_sql, embed};

    pub use crate::{__positions as positions, __tracked as tracked, __with_steps as with_steps};
}

/// The chapter of the docs on engines elsewhere; its examples have to compile.
#[cfg(all(doctest, feature = "http", feature = "local"))]
#[doc = include_str!("../docs/remote.md")]
struct Remote;
