static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/foreign-key-violation/key_that_fits_no_longer");

fn main() {}
