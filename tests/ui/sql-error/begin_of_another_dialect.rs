static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/sql-error/begin_of_another_dialect");

fn main() {}
