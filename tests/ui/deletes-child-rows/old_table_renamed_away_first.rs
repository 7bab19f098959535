static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/deletes-child-rows/old_table_renamed_away_first");

fn main() {}
