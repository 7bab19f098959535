static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/wrong-record/swapped");

fn main() {}
