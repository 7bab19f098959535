static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/bad-file-name/no_version");

fn main() {}
