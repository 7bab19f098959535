static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/bind-parameter/in_a_view");

fn main() {}
