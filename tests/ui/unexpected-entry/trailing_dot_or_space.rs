static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/unexpected-entry/trailing_dot_or_space");

fn main() {}
