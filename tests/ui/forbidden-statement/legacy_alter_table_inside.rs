static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/forbidden-statement/legacy_alter_table_inside");

fn main() {}
