static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/sql-error/lone_hash");

fn main() {}
