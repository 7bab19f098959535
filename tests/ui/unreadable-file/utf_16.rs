static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/unreadable-file/utf_16");

fn main() {}
