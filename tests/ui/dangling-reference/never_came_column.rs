static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/dangling-reference/never_came_column");

fn main() {}
