static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/unreadable-file/no_permission");

fn main() {}
