static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/sql-error/raise_rollback");

fn main() {}
