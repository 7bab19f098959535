static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/bad-allow/every_mistake");

fn main() {}
