static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/bad-text/lone_cr");

fn main() {}
