static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/bad-text/two_boms");

fn main() {}
