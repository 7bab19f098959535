static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/not-recorded/two_records");

fn main() {}
