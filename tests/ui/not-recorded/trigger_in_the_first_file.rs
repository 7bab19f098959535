static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/not-recorded/trigger_in_the_first_file");

fn main() {}
