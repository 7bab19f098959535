static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/fails-with-rows/unique_index");

fn main() {}
