static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/wrong-record/itself_and_the_one_before");

fn main() {}
