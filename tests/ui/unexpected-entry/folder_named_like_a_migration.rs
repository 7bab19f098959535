static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/unexpected-entry/folder_named_like_a_migration");

fn main() {}
