static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/missing-version/up_to_the_largest_number");

fn main() {}
