static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/bind-parameter/in_a_default_that_is_used");

fn main() {}
