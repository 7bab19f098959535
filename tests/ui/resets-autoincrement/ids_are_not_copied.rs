static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/resets-autoincrement/ids_are_not_copied");

fn main() {}
