static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/sql-error/foreign_key_that_fits_no_key");

fn main() {}
