static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/not-recorded/or_ignore");

fn main() {}
