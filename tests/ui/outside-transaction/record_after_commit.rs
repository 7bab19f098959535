static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/outside-transaction/record_after_commit");

fn main() {}
