-- before BEGIN
/* and
   here */
/**/
BEGIN -- within
  /* a */ TRANSACTION /* b */ ;
-- inside
CREATE TABLE schema_migrations ( -- why; not
version TEXT PRIMARY KEY, name TEXT NOT NULL);
INSERT /* ; */ INTO schema_migrations -- ;
 (version, name) VALUES ('000', /* 'x' */ 'first');
/* before */ COMMIT /* after */ ; -- and
-- after COMMIT
/* the end */
-- without a newline