static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/wrong-record/copy_of_the_file_before");

fn main() {}
