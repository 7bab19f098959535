static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/nested-transaction/begin_twice");

fn main() {}
