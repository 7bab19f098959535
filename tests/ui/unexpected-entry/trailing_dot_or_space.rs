static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/unexpected-entry/trailing_dot_or_space");

fn main() {}
