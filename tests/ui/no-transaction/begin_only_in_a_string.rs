static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/no-transaction/begin_only_in_a_string");

fn main() {}
