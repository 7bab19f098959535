static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/bind-parameter/in_a_view");

fn main() {}
