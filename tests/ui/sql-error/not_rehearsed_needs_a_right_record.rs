static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/sql-error/not_rehearsed_needs_a_right_record");

fn main() {}
