static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/deletes-child-rows/self_reference_to_the_old_table");

fn main() {}
