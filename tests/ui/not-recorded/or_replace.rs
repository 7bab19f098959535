static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/not-recorded/or_replace");

fn main() {}
