static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/deletes-child-rows/old_table_renamed_away_first");

fn main() {}
