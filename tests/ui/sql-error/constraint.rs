static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/sql-error/constraint");

fn main() {}
