static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/dangling-reference/view_of_a_view");

fn main() {}
