static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/no-transaction/only_comments");

fn main() {}
