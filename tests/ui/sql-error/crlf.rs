static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/sql-error/crlf");

fn main() {}
