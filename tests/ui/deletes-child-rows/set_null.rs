static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/deletes-child-rows/set_null");

fn main() {}
