static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/not-recorded/no_record_at_all_in_an_empty_transaction");

fn main() {}
