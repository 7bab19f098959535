static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/sql-error/ends_too_early");

fn main() {}
