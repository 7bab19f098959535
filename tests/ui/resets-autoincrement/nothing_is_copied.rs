static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/resets-autoincrement/nothing_is_copied");

fn main() {}
