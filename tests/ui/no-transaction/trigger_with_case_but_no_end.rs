static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/no-transaction/trigger_with_case_but_no_end");

fn main() {}
