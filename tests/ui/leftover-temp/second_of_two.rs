static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/leftover-temp/second_of_two");

fn main() {}
