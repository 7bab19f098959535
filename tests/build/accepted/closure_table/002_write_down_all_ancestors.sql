BEGIN;
CREATE TABLE ancestors (folder INTEGER NOT NULL, ancestor INTEGER NOT NULL);
INSERT INTO ancestors (folder, ancestor)
WITH RECURSIVE up (folder, ancestor) AS (
    SELECT id, id FROM folders
    UNION ALL
    SELECT up.folder, folders.parent FROM up JOIN folders ON folders.id = up.ancestor WHERE folders.parent IS NOT NULL
)
SELECT folder, ancestor FROM up;
INSERT INTO schema_migrations (version, name) VALUES ('002', 'write_down_all_ancestors');
COMMIT;
