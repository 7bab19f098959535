static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/several-rules/one_history");

fn main() {}
