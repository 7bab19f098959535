static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/not-recorded/trigger_on_the_tracking_table");

fn main() {}
