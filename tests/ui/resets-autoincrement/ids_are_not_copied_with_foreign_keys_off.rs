static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/resets-autoincrement/ids_are_not_copied_with_foreign_keys_off");

fn main() {}
