static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/sql-error/syntax");

fn main() {}
