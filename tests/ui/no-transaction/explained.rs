static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/no-transaction/explained");

fn main() {}
