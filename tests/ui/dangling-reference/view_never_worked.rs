static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/dangling-reference/view_never_worked");

fn main() {}
