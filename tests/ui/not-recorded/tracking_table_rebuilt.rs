static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/not-recorded/tracking_table_rebuilt");

fn main() {}
