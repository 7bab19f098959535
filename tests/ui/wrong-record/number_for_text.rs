static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/wrong-record/number_for_text");

fn main() {}
