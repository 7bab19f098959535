static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/dangling-reference/locked_trigger_broken_by_add_column");

fn main() {}
