static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/sql-error/after_quotes_and_comments");

fn main() {}
