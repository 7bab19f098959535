static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/forbidden-statement/defer_foreign_keys_off");

fn main() {}
