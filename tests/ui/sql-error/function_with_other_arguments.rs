static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/sql-error/function_with_other_arguments", functions = ["normalize/2"]);

fn main() {}
