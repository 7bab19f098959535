static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/loses-trigger/moved_to_the_old_table_that_is_kept");

fn main() {}
