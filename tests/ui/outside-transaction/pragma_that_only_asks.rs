static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/outside-transaction/pragma_that_only_asks");

fn main() {}
