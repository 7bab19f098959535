static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/no-migrations/no_folder");

fn main() {}
