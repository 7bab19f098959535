static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/nested-transaction/two_transactions");

fn main() {}
