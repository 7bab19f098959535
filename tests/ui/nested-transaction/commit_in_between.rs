static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/nested-transaction/commit_in_between");

fn main() {}
