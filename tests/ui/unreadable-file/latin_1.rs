static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/unreadable-file/latin_1");

fn main() {}
