static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/not-recorded/two_records");

fn main() {}
