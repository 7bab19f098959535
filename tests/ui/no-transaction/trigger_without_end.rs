static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/no-transaction/trigger_without_end");

fn main() {}
