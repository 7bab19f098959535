static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/dangling-reference/trigger_never_worked");

fn main() {}
