static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/no-transaction/trigger_without_end");

fn main() {}
