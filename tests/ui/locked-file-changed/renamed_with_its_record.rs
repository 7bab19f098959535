static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/locked-file-changed/renamed_with_its_record");

fn main() {}
