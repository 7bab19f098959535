static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/foreign-key-violation/delete_with_foreign_keys_off");

fn main() {}
