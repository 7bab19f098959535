static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/outside-transaction/foreign_keys_off_after_commit");

fn main() {}
