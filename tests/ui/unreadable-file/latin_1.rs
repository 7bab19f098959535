static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/unreadable-file/latin_1");

fn main() {}
