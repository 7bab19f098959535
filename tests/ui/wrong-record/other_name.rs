static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/wrong-record/other_name");

fn main() {}
