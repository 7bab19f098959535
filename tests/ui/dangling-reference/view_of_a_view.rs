static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/dangling-reference/view_of_a_view");

fn main() {}
