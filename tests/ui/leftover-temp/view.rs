static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/leftover-temp/view");

fn main() {}
