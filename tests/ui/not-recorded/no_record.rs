static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/not-recorded/no_record");

fn main() {}
