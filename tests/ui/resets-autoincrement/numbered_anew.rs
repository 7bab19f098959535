static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/resets-autoincrement/numbered_anew");

fn main() {}
