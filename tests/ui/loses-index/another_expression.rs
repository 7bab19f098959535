static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/loses-index/another_expression");

fn main() {}
