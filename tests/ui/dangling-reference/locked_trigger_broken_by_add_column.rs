static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/dangling-reference/locked_trigger_broken_by_add_column");

fn main() {}
