static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/leftover-temp/hides_a_table_and_is_used");

fn main() {}
