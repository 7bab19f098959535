static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/duplicate-version/three_files");

fn main() {}
