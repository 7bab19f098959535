static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/bad-allow/twice");

fn main() {}
