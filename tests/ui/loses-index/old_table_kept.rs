static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/loses-index/old_table_kept");

fn main() {}
