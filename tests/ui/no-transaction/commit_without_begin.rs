static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/no-transaction/commit_without_begin");

fn main() {}
