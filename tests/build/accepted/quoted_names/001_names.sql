BEGIN;
CREATE TABLE "users" ("id" INTEGER PRIMARY KEY, "first name" TEXT, "select" TEXT, state TEXT DEFAULT "new");
CREATE INDEX "by ""name""" ON "users" ("first name");
CREATE VIEW "v" AS SELECT "first name" AS "n" FROM "users" WHERE "select" = '"x"';
CREATE TRIGGER "t" AFTER INSERT ON "users" BEGIN UPDATE "users" SET "select" = 'x"y' WHERE "id" = "new"."id"; END;
ALTER TABLE "users" ADD COLUMN "kind" TEXT NOT NULL DEFAULT "user";
INSERT INTO "users" ("first name") VALUES ('"ann"'); -- "no"
INSERT INTO "users" ("first name") SELECT "n" FROM (SELECT "first name" AS "n" FROM "users") AS "u";
UPDATE "users" SET "select" = (SELECT "v"."n" FROM "v" LIMIT 1);
WITH "w" ("c") AS (SELECT 1) INSERT INTO "users" ("first name") SELECT "c" FROM "w";
INSERT INTO "users" ("id", "kind") VALUES (1, 'a') ON CONFLICT ("id") DO UPDATE SET "kind" = "excluded"."kind";
SELECT "first name" AS "name" FROM "users" ORDER BY "name";
SELECT "rowid", "users"."oid" FROM "users" GROUP BY "kind" HAVING count("id") > 0;
SELECT json_extract('{"a": 1}', '$."a"');
INSERT INTO schema_migrations (version, name) VALUES ('001', 'names');
COMMIT;
