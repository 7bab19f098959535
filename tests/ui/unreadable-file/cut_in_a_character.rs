static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/unreadable-file/cut_in_a_character");

fn main() {}
