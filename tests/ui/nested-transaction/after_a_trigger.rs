static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/nested-transaction/after_a_trigger");

fn main() {}
