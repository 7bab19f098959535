static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/sql-error/after_quotes_and_comments");

fn main() {}
