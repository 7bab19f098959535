static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/foreign-key-violation/rebuild_leaves_orphans");

fn main() {}
