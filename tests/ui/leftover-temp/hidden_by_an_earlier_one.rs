static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/leftover-temp/hidden_by_an_earlier_one");

fn main() {}
