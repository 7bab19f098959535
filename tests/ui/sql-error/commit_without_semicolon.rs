static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/sql-error/commit_without_semicolon");

fn main() {}
