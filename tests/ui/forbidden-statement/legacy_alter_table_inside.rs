static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/forbidden-statement/legacy_alter_table_inside");

fn main() {}
