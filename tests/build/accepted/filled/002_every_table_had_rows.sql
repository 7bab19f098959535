-- migrate: allow(fails-with-rows): that it fails is the proof that every table has been filled
BEGIN;
CREATE TABLE proof (empty_tables INTEGER CHECK (empty_tables > 0));
INSERT INTO proof SELECT
    (SELECT count(*) < 2 FROM strict_all) +
    (SELECT count(*) < 2 FROM strict_without_rowid) +
    (SELECT count(*) < 2 FROM declared) +
    (SELECT count(*) < 2 FROM without_rowid) +
    (SELECT count(*) < 2 FROM generated) +
    (SELECT count(*) < 2 FROM checked_list) +
    (SELECT count(*) < 2 FROM checked_unique_length) +
    (SELECT count(*) < 2 FROM checked_conditionally) +
    (SELECT count(*) < 1 FROM single) +
    (SELECT count(*) < 2 FROM uniques) +
    (SELECT count(*) < 2 FROM boolean_unique) +
    (SELECT count(*) < 2 FROM composite_parent) +
    (SELECT count(*) < 2 FROM composite_child) +
    (SELECT count(*) < 2 FROM link) +
    (SELECT count(*) < 2 FROM tree) +
    (SELECT count(*) < 2 FROM egg) +
    (SELECT count(*) < 2 FROM hen) +
    (SELECT count(*) < 2 FROM one_to_one) +
    (SELECT count(*) < 2 FROM json_columns) +
    (SELECT count(*) < 2 FROM dated) +
    (SELECT count(*) < 2 FROM only_defaults) +
    (SELECT count(*) < 2 FROM "order") +
    (SELECT count(*) < 2 FROM "a table; -- with 'quotes'") +
    (SELECT count(*) < 2 FROM guarded) +
    (SELECT count(*) < 2 FROM audited) +
    (SELECT count(*) < 2 FROM audit) +
    (SELECT count(*) < 2 FROM counted) +
    (SELECT count(*) < 2 FROM seeded) +
    (SELECT count(*) < 2 FROM seeded_child) +
    (SELECT count(*) < 2 FROM seeded_check) +
    (SELECT count(*) < 2 FROM wide) +
    (SELECT count(*) < 2 FROM messages) +
    (SELECT count(*) < 2 FROM places) +
    (SELECT count(*) < 2 FROM length_of_a_blob) +
    (SELECT count(*) < 2 FROM length_at_most) +
    (SELECT count(*) < 2 FROM type_of) +
    (SELECT count(*) < 2 FROM patterns) +
    (SELECT count(*) < 2 FROM one_of_two) +
    (SELECT count(*) < 2 FROM from_to) +
    (SELECT count(*) < 2 FROM days) +
    (SELECT count(*) < 2 FROM ranges) +
    (SELECT count(*) < 2 FROM years) +
    (SELECT count(*) < 2 FROM below_zero);
INSERT INTO schema_migrations (version, name) VALUES ('002', 'every_table_had_rows');
COMMIT;
