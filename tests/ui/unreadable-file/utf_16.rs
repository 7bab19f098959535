static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/unreadable-file/utf_16");

fn main() {}
