-- 日本語,  ​ and ‮ in a comment
BEGIN;
CREATE TABLE größe (名前 TEXT, "a b" TEXT, `c​d` TEXT, [é] TEXT);
INSERT INTO größe VALUES ('👩‍🚀', ' ', '​﻿', 'é');
/* 　 */
INSERT INTO schema_migrations (version, name) VALUES ('001', 'words');
COMMIT;
