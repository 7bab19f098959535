static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/bad-allow/only_one_of_two_happens");

fn main() {}
