static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/outside-transaction/rollback_after_commit");

fn main() {}
