static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/foreign-key-violation/child_rebuilt_with_a_key");

fn main() {}
