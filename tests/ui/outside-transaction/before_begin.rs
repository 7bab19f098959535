static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/outside-transaction/before_begin");

fn main() {}
