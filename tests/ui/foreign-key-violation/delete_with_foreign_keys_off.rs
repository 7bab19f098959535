static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/foreign-key-violation/delete_with_foreign_keys_off");

fn main() {}
