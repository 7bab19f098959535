static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/wrong-record/first_file");

fn main() {}
