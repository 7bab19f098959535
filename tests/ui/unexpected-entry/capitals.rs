static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/unexpected-entry/capitals");

fn main() {}
