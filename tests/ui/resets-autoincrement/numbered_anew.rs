static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/resets-autoincrement/numbered_anew");

fn main() {}
