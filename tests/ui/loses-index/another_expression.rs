static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/loses-index/another_expression");

fn main() {}
