static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/bad-file-name/beyond_ascii");

fn main() {}
