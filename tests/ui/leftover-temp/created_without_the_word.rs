static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/leftover-temp/created_without_the_word");

fn main() {}
