//! One client, and a server that does what it is asked.

use embed_migrations::{Migrations, embed_migrations};
use embed_migrations_remote::{LibSql, Rqlite};

use crate::servers::{Asked, Rqlited, Sqld};

static LESSON: Migrations = embed_migrations!("../migrations");

#[test]
#[ignore = "needs the servers of tests/servers/install"]
fn the_lesson_runs_on_both_engines_and_has_nothing_to_do_the_second_time() {
    let (sqld, rqlited) = (Sqld::start(), Rqlited::start());
    let (libsql, rqlite) = (LibSql::new(&sqld.url()), Rqlite::new(&rqlited.url()));
    for (server, run) in [
        (&sqld as &dyn Asked, &(|| libsql.run(&LESSON)) as &dyn Fn() -> _),
        (&rqlited, &|| rqlite.run(&LESSON)),
    ] {
        let report = run().unwrap_or_else(|error| panic!("{error:?}"));
        assert_eq!(report.applied().len(), 3);
        assert!(run().unwrap_or_else(|error| panic!("{error:?}")).applied().is_empty());
        let rows = server.query("SELECT version, name, applied_at FROM schema_migrations ORDER BY version");
        println!("{rows:?} {:?}", report.notes());
        assert_eq!(rows.len(), 3);
        assert_eq!(server.number("SELECT count(*) FROM pragma_table_info('users') WHERE name = 'bio'"), 1);
    }
}
