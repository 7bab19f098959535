static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/sql-error/or_rollback");

fn main() {}
