static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/foreign-key-violation/seed_allowed");

fn main() {}
