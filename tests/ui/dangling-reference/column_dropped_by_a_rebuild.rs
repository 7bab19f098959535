static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/dangling-reference/column_dropped_by_a_rebuild");

fn main() {}
