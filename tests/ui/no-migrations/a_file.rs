static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/no-migrations/a_file");

fn main() {}
