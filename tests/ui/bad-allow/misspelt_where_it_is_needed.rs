static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/bad-allow/misspelt_where_it_is_needed");

fn main() {}
