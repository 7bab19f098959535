static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/unexpected-entry/backups");

fn main() {}
