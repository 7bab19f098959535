static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/bad-file-name/not_unicode");

fn main() {}
