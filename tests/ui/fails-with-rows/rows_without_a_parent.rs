static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/fails-with-rows/rows_without_a_parent");

fn main() {}
