static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/dangling-reference/foreign_key_to_a_renamed_table");

fn main() {}
