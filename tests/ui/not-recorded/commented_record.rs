static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/not-recorded/commented_record");

fn main() {}
