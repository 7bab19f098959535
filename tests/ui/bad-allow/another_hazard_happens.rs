static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/bad-allow/another_hazard_happens");

fn main() {}
