static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/bad-file-name/control_characters");

fn main() {}
