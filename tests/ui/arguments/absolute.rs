static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("/etc");

fn main() {}
