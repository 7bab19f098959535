static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/bad-file-name/no_migration_among_them");

fn main() {}
