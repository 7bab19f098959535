static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/sql-error/deferred_foreign_key");

fn main() {}
