static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/duplicate-version/one_of_another_width");

fn main() {}
