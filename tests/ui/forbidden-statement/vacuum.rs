static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/forbidden-statement/vacuum");

fn main() {}
