static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/sql-error/collation");

fn main() {}
