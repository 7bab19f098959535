static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/outside-transaction/what_it_made_is_used_inside");

fn main() {}
