static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/unreadable-file/cut_in_a_character");

fn main() {}
