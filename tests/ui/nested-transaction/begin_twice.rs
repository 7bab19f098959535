static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/nested-transaction/begin_twice");

fn main() {}
