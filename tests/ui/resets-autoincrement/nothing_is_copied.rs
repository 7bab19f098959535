static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/resets-autoincrement/nothing_is_copied");

fn main() {}
