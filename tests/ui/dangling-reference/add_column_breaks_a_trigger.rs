static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/dangling-reference/add_column_breaks_a_trigger");

fn main() {}
