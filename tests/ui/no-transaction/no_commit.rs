static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/no-transaction/no_commit");

fn main() {}
