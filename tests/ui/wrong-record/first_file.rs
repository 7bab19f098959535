static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/wrong-record/first_file");

fn main() {}
