static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/locked-file-changed/renamed_with_its_record");

fn main() {}
