static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/ineffective-pragma/both_with_quotes");

fn main() {}
