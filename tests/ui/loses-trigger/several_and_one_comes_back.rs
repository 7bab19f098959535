static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/loses-trigger/several_and_one_comes_back");

fn main() {}
