static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/sql-error/byte_order_mark");

fn main() {}
