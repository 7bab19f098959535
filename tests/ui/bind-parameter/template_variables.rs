static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/bind-parameter/template_variables");

fn main() {}
