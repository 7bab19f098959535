static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/fails-with-rows/every_form_of_add_column");

fn main() {}
