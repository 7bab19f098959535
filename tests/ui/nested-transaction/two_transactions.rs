static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/nested-transaction/two_transactions");

fn main() {}
