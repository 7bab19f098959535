static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/outside-transaction/after_commit");

fn main() {}
