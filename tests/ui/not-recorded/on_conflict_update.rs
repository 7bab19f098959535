static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/not-recorded/on_conflict_update");

fn main() {}
