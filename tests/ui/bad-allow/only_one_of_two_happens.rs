static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/bad-allow/only_one_of_two_happens");

fn main() {}
