static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/loses-index/without_uniqueness");

fn main() {}
