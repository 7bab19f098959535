static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("");

fn main() {}
