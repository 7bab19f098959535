static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/outside-transaction/foreign_keys_off_after_commit");

fn main() {}
