static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/no-transaction/trigger_with_case_but_no_end");

fn main() {}
