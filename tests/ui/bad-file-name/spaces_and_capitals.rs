static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/bad-file-name/spaces_and_capitals");

fn main() {}
