static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/unexpected-entry/symlink_to_nowhere");

fn main() {}
