static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/no-migrations/only_notes");

fn main() {}
