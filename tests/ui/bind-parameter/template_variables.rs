static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/bind-parameter/template_variables");

fn main() {}
