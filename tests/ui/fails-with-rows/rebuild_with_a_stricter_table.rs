static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/fails-with-rows/rebuild_with_a_stricter_table");

fn main() {}
