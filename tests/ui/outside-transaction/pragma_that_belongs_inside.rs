static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/outside-transaction/pragma_that_belongs_inside");

fn main() {}
