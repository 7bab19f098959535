static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/sql-error/function_with_other_arguments", functions = ["normalize/2"]);

fn main() {}
