BEGIN;
CREATE TABLE journal (what TEXT, sale_id INTEGER, old INTEGER, new INTEGER);
CREATE TRIGGER sale_changed AFTER UPDATE OF amount ON sale WHEN old.amount <> new.amount BEGIN
    INSERT INTO journal VALUES (CASE WHEN new.amount = 0 THEN 'END;' ELSE 'changed' END, new.id, old.amount, new.amount);
    SELECT RAISE(ABORT, 'too many; really') WHERE new.amount > 1000;
END;
CREATE TRIGGER sale_gone AFTER DELETE ON sale BEGIN INSERT INTO journal VALUES ('gone', old.id, old.amount, NULL); END;
CREATE VIEW turnover (customer, total) AS
    SELECT customer.name, sum(sale.amount * product.gross)
    FROM sale JOIN customer ON customer.id = sale.customer_id JOIN product USING (code)
    GROUP BY customer.id;
CREATE TRIGGER turnover_insert INSTEAD OF INSERT ON turnover BEGIN
    INSERT INTO customer (email, name) VALUES (new.customer || '@example.com', new.customer);
END;
UPDATE sale SET amount = amount + 5 WHERE code = 'bbbb'; -- fires
UPDATE sale SET amount = 0 WHERE id = 1;
INSERT INTO turnover (customer) VALUES ('Cy');
INSERT INTO schema_migrations (version, name) VALUES ('002', 'add_triggers_and_views');
COMMIT;
