static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/no-transaction/commit_before_begin");

fn main() {}
