static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/bad-allow/in_a_shipped_file");

fn main() {}
