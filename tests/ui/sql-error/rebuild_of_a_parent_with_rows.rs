static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/sql-error/rebuild_of_a_parent_with_rows");

fn main() {}
