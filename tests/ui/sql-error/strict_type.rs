static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/sql-error/strict_type");

fn main() {}
