static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/deletes-child-rows/child_rebuilt_in_the_same_file");

fn main() {}
