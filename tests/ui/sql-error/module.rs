static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/sql-error/module");

fn main() {}
