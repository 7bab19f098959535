static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/dangling-reference/foreign_key_to_a_dropped_table");

fn main() {}
