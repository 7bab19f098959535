static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/loses-rows/joined_with_nothing");

fn main() {}
