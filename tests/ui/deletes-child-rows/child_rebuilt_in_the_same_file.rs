static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/deletes-child-rows/child_rebuilt_in_the_same_file");

fn main() {}
