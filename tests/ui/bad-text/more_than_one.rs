static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/bad-text/more_than_one");

fn main() {}
