static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/sql-error/rebuild_of_a_parent_with_rows");

fn main() {}
