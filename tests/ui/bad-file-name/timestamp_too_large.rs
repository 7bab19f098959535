static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/bad-file-name/timestamp_too_large");

fn main() {}
