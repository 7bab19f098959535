static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/foreign-key-violation/row_without_parent");

fn main() {}
