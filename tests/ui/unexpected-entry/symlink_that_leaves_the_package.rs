static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/unexpected-entry/symlink_that_leaves_the_package");

fn main() {}
