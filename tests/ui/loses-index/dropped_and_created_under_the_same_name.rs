static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/loses-index/dropped_and_created_under_the_same_name");

fn main() {}
