static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/loses-index/after_an_allowed_failure");

fn main() {}
