static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/fails-with-rows/not_null_without_default");

fn main() {}
