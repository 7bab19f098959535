static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/fails-with-rows/a_step_on_rows");

fn main() {}
