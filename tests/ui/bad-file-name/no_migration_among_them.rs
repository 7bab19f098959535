static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/bad-file-name/no_migration_among_them");

fn main() {}
