static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/no-migrations/a_file");

fn main() {}
