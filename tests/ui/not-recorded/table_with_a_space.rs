static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/not-recorded/table_with_a_space");

fn main() {}
