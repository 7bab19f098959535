static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/missing-version/one");

fn main() {}
