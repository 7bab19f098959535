static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/missing-version/several_and_then_one");

fn main() {}
