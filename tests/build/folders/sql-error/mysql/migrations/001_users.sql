BEGIN;
CREATE TABLE `users` (`id` INT AUTO_INCREMENT) ENGINE=InnoDB;
INSERT INTO schema_migrations (version, name) VALUES ('001', 'users');
COMMIT;
