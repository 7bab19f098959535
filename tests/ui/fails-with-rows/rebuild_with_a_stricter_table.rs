static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/fails-with-rows/rebuild_with_a_stricter_table");

fn main() {}
