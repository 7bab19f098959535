static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/bind-parameter/every_kind");

fn main() {}
