static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/not-recorded/table_with_a_space");

fn main() {}
