static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/no-transaction/empty");

fn main() {}
