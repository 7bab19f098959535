static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/nested-transaction/rollback");

fn main() {}
