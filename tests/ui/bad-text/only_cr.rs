static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/bad-text/only_cr");

fn main() {}
