static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/bad-text/nul_between_statements");

fn main() {}
