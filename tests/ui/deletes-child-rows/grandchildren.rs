static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/deletes-child-rows/grandchildren");

fn main() {}
