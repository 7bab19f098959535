static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/wrong-width/one_digit");

fn main() {}
