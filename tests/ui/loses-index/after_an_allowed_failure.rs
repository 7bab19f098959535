static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/loses-index/after_an_allowed_failure");

fn main() {}
