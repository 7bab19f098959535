static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/loses-index/dropped_and_created_under_the_same_name");

fn main() {}
