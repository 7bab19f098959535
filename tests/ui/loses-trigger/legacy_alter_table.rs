static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/loses-trigger/legacy_alter_table");

fn main() {}
