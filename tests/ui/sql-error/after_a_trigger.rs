static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/sql-error/after_a_trigger");

fn main() {}
