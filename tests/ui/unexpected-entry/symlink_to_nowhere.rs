static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/unexpected-entry/symlink_to_nowhere");

fn main() {}
