static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/leftover-temp/created_without_the_word");

fn main() {}
