static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/bad-allow/does_not_happen");

fn main() {}
