static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/foreign-key-violation/rebuild_leaves_orphans");

fn main() {}
