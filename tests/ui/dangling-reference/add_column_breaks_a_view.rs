static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/dangling-reference/add_column_breaks_a_view");

fn main() {}
