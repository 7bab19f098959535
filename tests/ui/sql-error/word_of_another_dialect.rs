static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/sql-error/word_of_another_dialect");

fn main() {}
