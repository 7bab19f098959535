static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/no-transaction/no_begin");

fn main() {}
