static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/wrong-record/null");

fn main() {}
