static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/loses-trigger/index_and_trigger_at_once");

fn main() {}
