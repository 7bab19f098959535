static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/no-transaction/begin_only_in_a_string");

fn main() {}
