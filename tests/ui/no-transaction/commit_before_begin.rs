static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/no-transaction/commit_before_begin");

fn main() {}
