//! As the documentation of rusqlite_migration has them.

use std::sync::LazyLock;

use rusqlite_migration::{M, Migrations};

static MIGRATIONS: LazyLock<Migrations<'static>> = LazyLock::new(|| {
    Migrations::new(vec![
        M::up(
            r#"
            CREATE TABLE friend (id INTEGER PRIMARY KEY, name TEXT NOT NULL); -- M::up("in a comment")
            "#,
        )
        .comment("who we know"),
        // PRAGMA are better applied outside of migrations.
        M::up("ALTER TABLE friend ADD COLUMN birthday TEXT").down("ALTER TABLE friend DROP COLUMN birthday"),
        M::up(include_str!("car.sql")).foreign_key_check(),
    ])
});
