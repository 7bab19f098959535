static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/dangling-reference/view_and_trigger");

fn main() {}
