static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/fails-with-rows/drop_of_a_table_that_others_refer_to");

fn main() {}
