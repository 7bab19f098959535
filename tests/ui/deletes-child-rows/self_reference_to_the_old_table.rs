static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/deletes-child-rows/self_reference_to_the_old_table");

fn main() {}
