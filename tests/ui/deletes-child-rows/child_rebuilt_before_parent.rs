static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/deletes-child-rows/child_rebuilt_before_parent");

fn main() {}
