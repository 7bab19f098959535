static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/not-recorded/two_rows_in_one_insert");

fn main() {}
