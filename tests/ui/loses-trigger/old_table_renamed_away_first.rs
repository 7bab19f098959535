static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/loses-trigger/old_table_renamed_away_first");

fn main() {}
