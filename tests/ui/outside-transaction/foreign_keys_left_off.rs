static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/outside-transaction/foreign_keys_left_off");

fn main() {}
