static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/missing-version/nothing_follows_as_an_echo");

fn main() {}
