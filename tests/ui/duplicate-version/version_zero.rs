static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/duplicate-version/version_zero");

fn main() {}
