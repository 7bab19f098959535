static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/wrong-width/too_short");

fn main() {}
