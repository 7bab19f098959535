static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/bad-allow/no_hazard");

fn main() {}
