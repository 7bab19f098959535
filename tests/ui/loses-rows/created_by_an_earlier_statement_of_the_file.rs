static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/loses-rows/created_by_an_earlier_statement_of_the_file");

fn main() {}
