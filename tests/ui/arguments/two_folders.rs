static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/a" "ui/b");

fn main() {}
