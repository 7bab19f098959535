static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/leftover-temp/hidden_by_an_earlier_one");

fn main() {}
