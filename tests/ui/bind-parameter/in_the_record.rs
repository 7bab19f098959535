static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/bind-parameter/in_the_record");

fn main() {}
