//! What a migration may be: every folder of `tests/accepted` compiles, and runs on a database in a file.
//!
//! The oracle is the file itself: run by hand, statement for statement, it makes the same database.

#![deny(deprecated, reason = "what could not be judged comes as such a warning")]

use std::fs;
use std::sync::atomic::{AtomicU64, Ordering};

use embed_migrations::rusqlite::functions::FunctionFlags;
use embed_migrations::rusqlite::types::Value;
use embed_migrations::rusqlite::{Connection, Result, Row};
use embed_migrations::{Migrations, embed_migrations};
use tempfile::TempDir;

use crate::crates;

static ANOTHER_NAME: Migrations = embed_migrations!("tests/build/accepted/another_name");
static BEYOND_ASCII: Migrations = embed_migrations!("tests/build/accepted/beyond_ascii");
static BOUNDARIES: Migrations = embed_migrations!("tests/build/accepted/boundaries");
static BYTE_ORDER_MARK: Migrations = embed_migrations!("tests/build/accepted/byte_order_mark");
static CHILDREN_KEPT: Migrations = embed_migrations!("tests/build/accepted/children_kept");
static COMMENTS: Migrations = embed_migrations!("tests/build/accepted/comments");
static CRLF: Migrations = embed_migrations!("tests/build/accepted/crlf");
static DATA_STEPS: Migrations = embed_migrations!("tests/build/accepted/data_steps");
static FILLED: Migrations = embed_migrations!("tests/build/accepted/filled");
static HAZARDS_ALLOWED: Migrations = embed_migrations!("tests/build/accepted/hazards_allowed");
static LEFT_OUT_IN_WORDS: Migrations = embed_migrations!("tests/build/accepted/left_out_in_words");
static LF: Migrations = embed_migrations!("tests/build/accepted/lf");
static LOCKED: Migrations = embed_migrations!("tests/build/accepted/locked");
static LOCKED_COMMENTS: Migrations = embed_migrations!("tests/build/accepted/locked_comments");
static LOOKS_LIKE_A_HAZARD: Migrations = embed_migrations!("tests/build/accepted/looks_like_a_hazard");
static OTHER_ENTRIES: Migrations = embed_migrations!("tests/build/accepted/other_entries");
static QUOTED_NAMES: Migrations = embed_migrations!("tests/build/accepted/quoted_names");
static REBUILD: Migrations = embed_migrations!("tests/build/accepted/rebuild");
static REFERENCES_KEPT: Migrations = embed_migrations!("tests/build/accepted/references_kept");
static REPLICATED: Migrations = embed_migrations!("tests/build/accepted/replicated", replicated = true);
static ROWS: Migrations = embed_migrations!("tests/build/accepted/rows");
#[allow(deprecated, reason = "its index is not that of the rehearsal's rows, which ends in a note")]
static SEARCH: Migrations = embed_migrations!("tests/build/accepted/search");
static SEQUENCES: Migrations = embed_migrations!("tests/build/accepted/sequences");
static STAND_INS: Migrations = embed_migrations!(
    "tests/build/accepted/stand_ins",
    functions = ["normalize/2", "new_id/0", "join_all"],
    collations = ["unicase"],
);
static TEMPORARY: Migrations = embed_migrations!("tests/build/accepted/temporary");
static TIMESTAMPS: Migrations = embed_migrations!("tests/build/accepted/timestamps");
#[allow(deprecated, reason = "that is how a note comes")]
static TOO_LONG_WITH_ROWS: Migrations = embed_migrations!("tests/build/accepted/too_long_with_rows");
static VIOLATIONS_THAT_WERE_THERE: Migrations =
    embed_migrations!("tests/build/accepted/violations_that_were_there");
static WIDTHS: Migrations = embed_migrations!("tests/build/accepted/widths");
static ALLOWED_TWICE: Migrations = embed_migrations!("tests/build/accepted/allowed_twice");
static ARCHIVED: Migrations = embed_migrations!("tests/build/accepted/archived");
static CHILDREN_DROPPED_AFTER_THEIR_PARENT: Migrations =
    embed_migrations!("tests/build/accepted/children_dropped_after_their_parent");
static CHILDREN_PUT_BACK: Migrations = embed_migrations!("tests/build/accepted/children_put_back");
static CLOSURE_TABLE: Migrations = embed_migrations!("tests/build/accepted/closure_table");
static DELETED_FROM_THE_COPY: Migrations = embed_migrations!("tests/build/accepted/deleted_from_the_copy");
static FILLED_CHECKED_BETWEEN_COLUMNS: Migrations =
    embed_migrations!("tests/build/accepted/filled_checked_between_columns");
static FILLED_CHECKED_DEFAULT: Migrations = embed_migrations!("tests/build/accepted/filled_checked_default");
static FILLED_CHECKED_LENGTH: Migrations = embed_migrations!("tests/build/accepted/filled_checked_length");
static FILLED_IGNORED_ONCE: Migrations = embed_migrations!("tests/build/accepted/filled_ignored_once");
static FILLED_TWO_OF_A_LENGTH: Migrations = embed_migrations!("tests/build/accepted/filled_two_of_a_length");
static FILLED_UNIQUE_AND_ANOTHER_CHECK: Migrations =
    embed_migrations!("tests/build/accepted/filled_unique_and_another_check");
static LOCKED_BINARY: Migrations = embed_migrations!("tests/build/accepted/locked_binary");
static MERGED_AND_RENAMED: Migrations = embed_migrations!("tests/build/accepted/merged_and_renamed");
static TABLES_SWAPPED: Migrations = embed_migrations!("tests/build/accepted/tables_swapped");
static CIRCLES_CLOSED: Migrations = embed_migrations!("tests/build/accepted/circles_closed");
static CLEANED_UP_FIRST: Migrations = embed_migrations!("tests/build/accepted/cleaned_up_first");
static DEFAULTS_SPELT_OUT: Migrations = embed_migrations!("tests/build/accepted/defaults_spelt_out");
static INDEXES_REPLACED: Migrations = embed_migrations!("tests/build/accepted/indexes_replaced");
static LOCKED_KEY_THAT_FITS_NOTHING: Migrations =
    embed_migrations!("tests/build/accepted/locked_key_that_fits_nothing");
static NULLS_LEFT_OUT: Migrations = embed_migrations!("tests/build/accepted/nulls_left_out");
static RENAMED_WITHOUT_ROWS: Migrations = embed_migrations!("tests/build/accepted/renamed_without_rows");
static TEMPORARY_CATALOGS: Migrations = embed_migrations!("tests/build/accepted/temporary_catalogs");
static VALUES_AND_CONSTRAINTS_KEPT: Migrations =
    embed_migrations!("tests/build/accepted/values_and_constraints_kept");
static VALUES_OF_THEIR_KIND: Migrations = embed_migrations!("tests/build/accepted/values_of_their_kind");

static ALL: [(&str, &Migrations); 54] = [
    ("allowed_twice", &ALLOWED_TWICE),
    ("another_name", &ANOTHER_NAME),
    ("archived", &ARCHIVED),
    ("beyond_ascii", &BEYOND_ASCII),
    ("boundaries", &BOUNDARIES),
    ("byte_order_mark", &BYTE_ORDER_MARK),
    ("children_dropped_after_their_parent", &CHILDREN_DROPPED_AFTER_THEIR_PARENT),
    ("children_kept", &CHILDREN_KEPT),
    ("children_put_back", &CHILDREN_PUT_BACK),
    ("circles_closed", &CIRCLES_CLOSED),
    ("cleaned_up_first", &CLEANED_UP_FIRST),
    ("closure_table", &CLOSURE_TABLE),
    ("comments", &COMMENTS),
    ("crlf", &CRLF),
    ("data_steps", &DATA_STEPS),
    ("defaults_spelt_out", &DEFAULTS_SPELT_OUT),
    ("deleted_from_the_copy", &DELETED_FROM_THE_COPY),
    ("filled", &FILLED),
    ("filled_checked_between_columns", &FILLED_CHECKED_BETWEEN_COLUMNS),
    ("filled_checked_default", &FILLED_CHECKED_DEFAULT),
    ("filled_checked_length", &FILLED_CHECKED_LENGTH),
    ("filled_ignored_once", &FILLED_IGNORED_ONCE),
    ("filled_two_of_a_length", &FILLED_TWO_OF_A_LENGTH),
    ("filled_unique_and_another_check", &FILLED_UNIQUE_AND_ANOTHER_CHECK),
    ("hazards_allowed", &HAZARDS_ALLOWED),
    ("indexes_replaced", &INDEXES_REPLACED),
    ("left_out_in_words", &LEFT_OUT_IN_WORDS),
    ("lf", &LF),
    ("locked", &LOCKED),
    ("locked_binary", &LOCKED_BINARY),
    ("locked_comments", &LOCKED_COMMENTS),
    ("locked_key_that_fits_nothing", &LOCKED_KEY_THAT_FITS_NOTHING),
    ("looks_like_a_hazard", &LOOKS_LIKE_A_HAZARD),
    ("merged_and_renamed", &MERGED_AND_RENAMED),
    ("nulls_left_out", &NULLS_LEFT_OUT),
    ("other_entries", &OTHER_ENTRIES),
    ("quoted_names", &QUOTED_NAMES),
    ("rebuild", &REBUILD),
    ("references_kept", &REFERENCES_KEPT),
    ("renamed_without_rows", &RENAMED_WITHOUT_ROWS),
    ("replicated", &REPLICATED),
    ("rows", &ROWS),
    ("search", &SEARCH),
    ("sequences", &SEQUENCES),
    ("stand_ins", &STAND_INS),
    ("tables_swapped", &TABLES_SWAPPED),
    ("temporary", &TEMPORARY),
    ("temporary_catalogs", &TEMPORARY_CATALOGS),
    ("timestamps", &TIMESTAMPS),
    ("too_long_with_rows", &TOO_LONG_WITH_ROWS),
    ("values_and_constraints_kept", &VALUES_AND_CONSTRAINTS_KEPT),
    ("values_of_their_kind", &VALUES_OF_THEIR_KIND),
    ("violations_that_were_there", &VIOLATIONS_THAT_WERE_THERE),
    ("widths", &WIDTHS),
];

#[test]
fn every_folder_makes_the_database_that_its_files_make_by_hand() {
    for (case, migrations) in &ALL {
        let (folder, conn) = migrated(migrations);
        let by_hand = Connection::open(folder.path().join("by_hand.db")).expect(case);
        add_functions(&by_hand).expect(case);
        for migration in migrations.iter() {
            embed_migrations_oracle::exec(&by_hand, migration.sql()).expect(case);
        }
        assert_eq!(dump(&conn), dump(&by_hand), "{case}");
    }
}

#[test]
fn every_folder_is_embedded_here() {
    let folders = crates::names(&crates::package().join("tests/build/accepted"), true);
    assert_eq!(folders, ALL.map(|(case, _)| case));
}

#[test]
fn a_checkout_with_crlf_or_a_byte_order_mark_embeds_the_same_text() {
    for (folder, migrations) in [("crlf", CRLF), ("byte_order_mark", BYTE_ORDER_MARK)] {
        assert_eq!(migrations.len(), LF.len());
        for (other, lf) in migrations.iter().zip(LF.iter()) {
            let path = crates::package().join("tests/build/accepted").join(folder).join(other.file_name());
            let bytes = fs::read(path).expect("the fixture is there");
            assert_ne!(bytes, lf.sql().as_bytes(), "{folder}: the checkout has changed the fixture");
            assert_eq!(other.sql(), lf.sql(), "{folder}");
        }
    }
}

#[test]
fn strings_keep_the_line_ends_that_were_embedded() {
    let (_folder, conn) = migrated(&CRLF);
    assert_eq!(column(&conn, "SELECT body FROM notes"), ["one\n\ntwo"]);
}

#[test]
fn statements_end_where_sqlite_says() {
    let (_folder, conn) = migrated(&BOUNDARIES);
    assert_eq!(column(&conn, "SELECT line FROM log"), ["an END; in a string", "nested"]);
    assert_eq!(
        column(&conn, "SELECT \"say \"\"hi;\"\"\" FROM \"notes;\" ORDER BY id"),
        ["a;b", "-- no comment", "/*"]
    );
    assert_eq!(
        column(&conn, "SELECT name FROM sqlite_master WHERE type IN ('trigger', 'view') ORDER BY name"),
        ["on;insert", "third", "v"]
    );
}

#[test]
fn a_select_runs_to_its_last_row() {
    let (_folder, conn) = migrated(&ROWS);
    assert_eq!(column(&conn, "SELECT a FROM t ORDER BY id"), ["x1", "y2", "z3"]);
    assert_eq!(column(&conn, "PRAGMA user_version"), ["7"]);
    assert_eq!(column(&conn, "PRAGMA application_id"), ["42"]);
}

#[test]
fn a_temporary_table_may_come_and_go() {
    let (_folder, conn) = migrated(&TEMPORARY);
    assert_eq!(column(&conn, "SELECT id || a FROM t ORDER BY id"), ["1one", "2one"]);
    assert_eq!(column(&conn, "SELECT name FROM temp.sqlite_master"), [""; 0]);
}

#[test]
fn a_rebuild_with_foreign_keys_off_keeps_the_rows_of_children() {
    let (_folder, conn) = migrated(&REBUILD);
    assert_eq!(column(&conn, "SELECT id || ':' || parent FROM child ORDER BY id"), ["10:1", "20:2", "30:3"]);
    assert_eq!(column(&conn, "SELECT id || ':' || parent FROM also ORDER BY id"), ["10:1", "20:2"]);
    assert_eq!(column(&conn, "SELECT name FROM names"), ["a", "b", ""]);
    assert_eq!(column(&conn, "SELECT name FROM pragma_table_info('parent')"), ["id", "name", "age"]);
    assert_eq!(column(&conn, "PRAGMA foreign_keys"), ["1"]);
    assert_eq!(column(&conn, "PRAGMA legacy_alter_table"), ["0"]);
}

#[test]
fn the_tracking_table_may_have_another_name() {
    let (_folder, conn) = migrated(&ANOTHER_NAME);
    assert_eq!(
        column(&conn, "SELECT version || ' ' || name FROM \"My \"\"History\"\"\" ORDER BY version"),
        ["000 first", "001 second", "002 third"]
    );
}

#[test]
fn the_applications_own_functions_run_in_place_of_the_stand_ins() {
    let (_folder, conn) = migrated(&STAND_INS);
    assert_eq!(
        column(&conn, "SELECT plain || ' ' || id FROM people ORDER BY name"),
        ["ann1 1", "bob1 2", "cy!1 3"]
    );
}

#[test]
fn versions_outgrow_the_width_of_the_first() {
    let versions: Vec<_> = WIDTHS.iter().map(|migration| migration.version()).collect();
    assert_eq!(versions, ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"]);
    let (_folder, conn) = migrated(&WIDTHS);
    assert_eq!(
        column(&conn, "SELECT version FROM schema_migrations ORDER BY CAST(version AS INTEGER)"),
        versions
    );
}

#[test]
fn text_beyond_ascii_arrives_as_it_was_written() {
    let (_folder, conn) = migrated(&BEYOND_ASCII);
    assert_eq!(
        column(&conn, "SELECT 名前 || \"a\u{a0}b\" || \"c\u{200b}d\" || é FROM größe"),
        ["👩‍🚀\u{a0}\u{200b}\u{feff}e\u{301}"]
    );
}

/// A new database in a file, migrated twice: the second time nothing is left to do.
fn migrated(migrations: &Migrations) -> (TempDir, Connection) {
    let folder = TempDir::new().expect("a folder can be made");
    let mut conn = Connection::open(folder.path().join("app.db")).expect("a database can be made");
    add_functions(&conn).expect("functions can be added");
    let report = migrations.run(&mut conn).expect("what compiles migrates");
    assert_eq!(report.applied().len(), migrations.len());
    assert_eq!(migrations.run(&mut conn).expect("it is up to date").applied().len(), 0);
    assert_eq!(column(&conn, "PRAGMA integrity_check"), ["ok"]);
    assert_eq!(column(&conn, "SELECT \"table\" FROM pragma_foreign_key_check"), [""; 0]);
    (folder, conn)
}

/// What the application of `stand_ins` has of its own.
fn add_functions(conn: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    conn.create_scalar_function("normalize", 2, flags, |context| {
        Ok(format!("{}{}", context.get::<String>(0)?.to_lowercase(), context.get::<i64>(1)?))
    })?;
    let ids = AtomicU64::new(1);
    conn.create_scalar_function("new_id", 0, FunctionFlags::SQLITE_UTF8, move |_| {
        Ok(ids.fetch_add(1, Ordering::Relaxed).to_string())
    })?;
    conn.create_scalar_function("join_all", -1, flags, |context| Ok(i64::try_from(context.len()).ok()))?;
    conn.create_scalar_function("shout", 1, flags, |context| Ok(context.get::<String>(0)? + "!"))?;
    conn.create_collation("unicase", |a, b| a.to_lowercase().cmp(&b.to_lowercase()))
}

/// The first column of what a query gives, as text.
fn column(conn: &Connection, sql: &str) -> Vec<String> {
    let mut statement = conn.prepare(sql).expect(sql);
    let value = |row: &Row<'_>| {
        Ok(match row.get(0)? {
            Value::Null => "NULL".to_owned(),
            Value::Integer(number) => number.to_string(),
            Value::Text(text) => text,
            other => format!("{other:?}"),
        })
    };
    statement.query_map([], value).expect(sql).collect::<Result<_>>().expect(sql)
}

/// The schema, and every row of every table.
fn dump(conn: &Connection) -> Vec<String> {
    let mut lines =
        column(conn, "SELECT type || ' ' || name || ': ' || coalesce(sql, '') FROM sqlite_master");
    lines.sort();
    let tables = column(
        conn,
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_stat%' ORDER BY name",
    );
    for table in tables {
        let mut statement =
            conn.prepare(&format!("SELECT * FROM \"{}\"", table.replace('"', "\"\""))).expect(&table);
        // When a migration was applied is another second at times.
        let names: Vec<_> = statement.column_names().map(str::to_owned).collect();
        let kept: Vec<_> = (0..names.len()).filter(|&at| names[at] != "applied_at").collect();
        let row = |row: &Row<'_>| kept.iter().map(|&at| row.get(at)).collect::<Result<Vec<Value>>>();
        let rows: Vec<_> = statement.query_map([], row).expect(&table).collect::<Result<_>>().expect(&table);
        lines.extend(rows.iter().map(|row| format!("{table}: {row:?}")));
    }
    lines
}
