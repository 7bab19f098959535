static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/not-recorded/commented_record");

fn main() {}
