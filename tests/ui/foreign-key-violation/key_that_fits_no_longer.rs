static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/foreign-key-violation/key_that_fits_no_longer");

fn main() {}
