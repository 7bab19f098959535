static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/ineffective-pragma/foreign_keys_inside");

fn main() {}
