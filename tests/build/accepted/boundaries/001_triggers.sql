-- ; BEGIN; 'it''s a comment'
/* COMMIT; "; */
BEGIN IMMEDIATE TRANSACTION;
CREATE TABLE "notes;" (id INTEGER PRIMARY KEY, [end] TEXT, `it's` TEXT, "say ""hi;""" TEXT);;
CREATE TABLE log (line TEXT);
CREATE TRIGGER "on;insert" AFTER INSERT ON "notes;"
WHEN new.[end] IS NOT NULL
BEGIN
    -- END;
    INSERT INTO log VALUES (CASE new.[end] WHEN 'END;' THEN 'an END; in a string' ELSE CASE WHEN 1 THEN 'nested' END END);
    /* END; */
    UPDATE "notes;" SET `it's` = '''; END;' WHERE id = new.id;
END;
CREATE TEMP TRIGGER gone AFTER INSERT ON log BEGIN SELECT 1; END;
DROP TRIGGER gone;
create trigger if not exists "second" after delete on [notes;] begin delete from log; end;
CREATE TRIGGER third AFTER UPDATE ON log BEGIN
    SELECT CASE WHEN 1 THEN 'a line that begins with END, and is not the end'
END;
END;
INSERT INTO "notes;" ([end], "say ""hi;""") VALUES ('END;', 'a;b'), ('', '-- no comment'), (NULL, '/*');
DROP TRIGGER "second"
;
INSERT INTO schema_migrations (version, name) VALUES ('001', 'triggers'); END TRANSACTION; -- COMMIT;
/* the end; */