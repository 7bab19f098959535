static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/not-recorded/no_record_at_all_in_an_empty_transaction");

fn main() {}
