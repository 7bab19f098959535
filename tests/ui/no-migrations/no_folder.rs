static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/no-migrations/no_folder");

fn main() {}
