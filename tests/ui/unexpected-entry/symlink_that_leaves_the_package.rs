static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/unexpected-entry/symlink_that_leaves_the_package");

fn main() {}
