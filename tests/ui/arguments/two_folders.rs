static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/a" "ui/b");

fn main() {}
