static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/foreign-key-violation/child_rebuilt_with_a_key");

fn main() {}
