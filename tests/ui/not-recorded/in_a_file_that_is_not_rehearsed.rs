static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/not-recorded/in_a_file_that_is_not_rehearsed");

fn main() {}
