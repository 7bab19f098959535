static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui", function = ["a/1"]);

fn main() {}
