static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/leftover-temp/hides_a_table");

fn main() {}
