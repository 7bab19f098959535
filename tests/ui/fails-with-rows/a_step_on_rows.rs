static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/fails-with-rows/a_step_on_rows");

fn main() {}
