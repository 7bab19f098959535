static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/wrong-record/file_renamed_but_not_the_record");

fn main() {}
