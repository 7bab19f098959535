static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/resets-autoincrement/ids_are_not_copied_with_foreign_keys_off");

fn main() {}
