static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/outside-transaction/record_after_commit");

fn main() {}
