static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/loses-index/partial_other_where");

fn main() {}
