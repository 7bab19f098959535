static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/deletes-child-rows/two_parents_and_composite_keys");

fn main() {}
