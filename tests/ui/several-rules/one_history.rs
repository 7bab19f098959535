static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/several-rules/one_history");

fn main() {}
