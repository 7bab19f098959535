static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/unexpected-entry/other_files");

fn main() {}
