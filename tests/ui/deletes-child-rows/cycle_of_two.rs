static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/deletes-child-rows/cycle_of_two");

fn main() {}
