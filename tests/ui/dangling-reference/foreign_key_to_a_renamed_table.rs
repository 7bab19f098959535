static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/dangling-reference/foreign_key_to_a_renamed_table");

fn main() {}
