static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/not-recorded/tracking_table_dropped");

fn main() {}
