static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/sql-error/trigger_that_fires");

fn main() {}
