static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/bad-allow/misspelt");

fn main() {}
