static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/outside-transaction/pragma_that_belongs_inside");

fn main() {}
