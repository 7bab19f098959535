static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/loses-trigger/index_and_trigger_at_once");

fn main() {}
