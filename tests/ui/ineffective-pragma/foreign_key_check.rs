static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/ineffective-pragma/foreign_key_check");

fn main() {}
