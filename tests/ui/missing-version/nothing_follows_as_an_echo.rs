static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/missing-version/nothing_follows_as_an_echo");

fn main() {}
