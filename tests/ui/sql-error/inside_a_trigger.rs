static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/sql-error/inside_a_trigger");

fn main() {}
