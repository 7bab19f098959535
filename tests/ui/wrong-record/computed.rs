static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/wrong-record/computed");

fn main() {}
