static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/bad-allow/empty");

fn main() {}
