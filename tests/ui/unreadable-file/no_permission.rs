static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/unreadable-file/no_permission");

fn main() {}
