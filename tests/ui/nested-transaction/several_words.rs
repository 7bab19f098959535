static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/nested-transaction/several_words");

fn main() {}
