static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/loses-trigger/several_and_one_comes_back");

fn main() {}
