static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/fails-with-rows/through_a_view");

fn main() {}
