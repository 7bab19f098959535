static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/dangling-reference/instead_of_trigger");

fn main() {}
