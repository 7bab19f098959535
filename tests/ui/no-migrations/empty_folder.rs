static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/no-migrations/empty_folder");

fn main() {}
