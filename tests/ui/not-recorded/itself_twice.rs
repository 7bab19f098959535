static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/not-recorded/itself_twice");

fn main() {}
