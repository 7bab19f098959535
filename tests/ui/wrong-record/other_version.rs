static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/wrong-record/other_version");

fn main() {}
