static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/fails-with-rows/every_form_of_add_column");

fn main() {}
