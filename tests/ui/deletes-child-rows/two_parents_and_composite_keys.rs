static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/deletes-child-rows/two_parents_and_composite_keys");

fn main() {}
