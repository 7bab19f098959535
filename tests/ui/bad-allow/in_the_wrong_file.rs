static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/bad-allow/in_the_wrong_file");

fn main() {}
