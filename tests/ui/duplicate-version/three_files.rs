static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/duplicate-version/three_files");

fn main() {}
