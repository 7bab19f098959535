static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/locked-file-changed/removed");

fn main() {}
