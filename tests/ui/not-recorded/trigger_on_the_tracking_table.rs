static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/not-recorded/trigger_on_the_tracking_table");

fn main() {}
