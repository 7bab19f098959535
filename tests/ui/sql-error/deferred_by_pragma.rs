static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/sql-error/deferred_by_pragma");

fn main() {}
