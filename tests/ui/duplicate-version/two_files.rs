static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/duplicate-version/two_files");

fn main() {}
