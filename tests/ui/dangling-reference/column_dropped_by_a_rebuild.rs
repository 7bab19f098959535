static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/dangling-reference/column_dropped_by_a_rebuild");

fn main() {}
