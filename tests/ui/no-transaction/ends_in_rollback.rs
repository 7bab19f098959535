static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/no-transaction/ends_in_rollback");

fn main() {}
