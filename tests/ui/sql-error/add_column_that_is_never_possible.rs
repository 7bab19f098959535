static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/sql-error/add_column_that_is_never_possible");

fn main() {}
