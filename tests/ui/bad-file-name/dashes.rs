static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/bad-file-name/dashes");

fn main() {}
