static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/loses-index/partial_and_expression");

fn main() {}
