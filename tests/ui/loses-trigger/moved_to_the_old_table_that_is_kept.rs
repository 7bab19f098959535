static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/loses-trigger/moved_to_the_old_table_that_is_kept");

fn main() {}
