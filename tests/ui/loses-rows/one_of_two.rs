static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/loses-rows/one_of_two");

fn main() {}
