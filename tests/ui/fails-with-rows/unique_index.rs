static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/fails-with-rows/unique_index");

fn main() {}
