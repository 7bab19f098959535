static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/outside-transaction/pragma_that_only_asks");

fn main() {}
