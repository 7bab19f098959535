static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/not-recorded/column_renamed");

fn main() {}
