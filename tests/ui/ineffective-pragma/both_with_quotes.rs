static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/ineffective-pragma/both_with_quotes");

fn main() {}
