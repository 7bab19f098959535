static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/sql-error/trigger_that_fires");

fn main() {}
