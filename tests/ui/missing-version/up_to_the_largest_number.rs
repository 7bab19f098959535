static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/missing-version/up_to_the_largest_number");

fn main() {}
