static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/loses-trigger/legacy_alter_table");

fn main() {}
