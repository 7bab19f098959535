static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/sql-error/illegal_token");

fn main() {}
