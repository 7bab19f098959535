static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/sql-error/smart_quotes");

fn main() {}
