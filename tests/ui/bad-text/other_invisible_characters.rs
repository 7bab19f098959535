static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/bad-text/other_invisible_characters");

fn main() {}
