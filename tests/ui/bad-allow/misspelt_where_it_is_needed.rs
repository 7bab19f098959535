static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/bad-allow/misspelt_where_it_is_needed");

fn main() {}
