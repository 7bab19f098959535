static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/unexpected-entry/capitals");

fn main() {}
