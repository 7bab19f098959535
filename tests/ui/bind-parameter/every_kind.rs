static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/bind-parameter/every_kind");

fn main() {}
