static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/loses-index/without_uniqueness");

fn main() {}
