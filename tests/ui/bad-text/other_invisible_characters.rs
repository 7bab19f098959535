static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/bad-text/other_invisible_characters");

fn main() {}
