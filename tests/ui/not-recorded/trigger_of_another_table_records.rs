static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/not-recorded/trigger_of_another_table_records");

fn main() {}
