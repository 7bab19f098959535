static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/nested-transaction/commit_in_between");

fn main() {}
