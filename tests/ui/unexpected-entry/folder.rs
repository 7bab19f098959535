static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/unexpected-entry/folder");

fn main() {}
