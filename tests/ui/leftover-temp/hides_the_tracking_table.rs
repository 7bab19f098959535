static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/leftover-temp/hides_the_tracking_table");

fn main() {}
