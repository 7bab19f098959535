static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/sql-error/foreign_key_that_fits_no_key");

fn main() {}
