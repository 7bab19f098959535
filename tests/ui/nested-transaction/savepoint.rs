static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/nested-transaction/savepoint");

fn main() {}
