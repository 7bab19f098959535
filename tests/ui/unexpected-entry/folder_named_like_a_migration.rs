static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/unexpected-entry/folder_named_like_a_migration");

fn main() {}
