static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/wrong-record/copy_with_a_new_name");

fn main() {}
