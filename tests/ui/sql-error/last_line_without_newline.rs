static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/sql-error/last_line_without_newline");

fn main() {}
