static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/dangling-reference/foreign_key_to_a_dropped_table");

fn main() {}
