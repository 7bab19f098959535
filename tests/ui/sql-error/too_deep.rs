static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/sql-error/too_deep");

fn main() {}
