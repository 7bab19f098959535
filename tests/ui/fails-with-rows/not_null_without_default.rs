static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/fails-with-rows/not_null_without_default");

fn main() {}
