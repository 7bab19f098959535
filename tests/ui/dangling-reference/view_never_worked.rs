static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/dangling-reference/view_never_worked");

fn main() {}
