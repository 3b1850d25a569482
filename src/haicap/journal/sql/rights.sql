-- What each role may do. {web} serves pages, {worker} projects in bulk; the owner migrates and verifies.
REVOKE ALL ON FUNCTION journal_append(bytea, bytea[], bytea[]),
    journal_lock(uuid[], uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION journal_append(bytea, bytea[], bytea[]),
    journal_lock(uuid[], uuid[]) TO {web}, {worker};
GRANT SELECT ON journal_node, journal_stream, journal_entry, journal_ciphertext, journal_subjectkey,
    journal_checkpoint TO {web}, {worker};
GRANT INSERT ON journal_subjectkey, journal_checkpoint TO {web}, {worker};
GRANT SELECT, INSERT, UPDATE ON journal_counter TO {web}, {worker};

-- An action at work says so for its transaction; it has been judged by `decide` before.
CREATE FUNCTION pen_at_work() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT COALESCE(current_setting('haicap.pen', true) = 'on', false) $$;

-- What a session may see: the reach of its person as JSON in a setting, {{"all": bool, "units": […], "provinces": […]}};
-- absent or empty it sees nothing. An action at work sees all that it locks.
CREATE FUNCTION reach_all() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT COALESCE((NULLIF(current_setting('haicap.reach', true), '')::jsonb ->> 'all')::boolean, false)
        OR pen_at_work() $$;
CREATE FUNCTION reach_units() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT COALESCE(array_agg(u), '{{}}') FROM jsonb_array_elements_text(
        COALESCE(NULLIF(current_setting('haicap.reach', true), '')::jsonb -> 'units', '[]')) u $$;
-- The provinces of which the session reaches every unit.
CREATE FUNCTION reach_provinces() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT COALESCE(array_agg(p), '{{}}') FROM jsonb_array_elements_text(
        COALESCE(NULLIF(current_setting('haicap.reach', true), '')::jsonb -> 'provinces', '[]')) p $$;
-- The one subject whose history a page shows, after `decide` has allowed it.
CREATE FUNCTION reach_subject() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT NULLIF(current_setting('haicap.subject', true), '')::uuid $$;

ALTER TABLE journal_entry ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_reach ON journal_entry FOR SELECT TO {web}
    USING (channel = 'reference' OR subject = (SELECT reach_subject())
           OR unit = ANY ((SELECT reach_units())::text[]) OR (SELECT reach_all()));
CREATE POLICY in_bulk ON journal_entry FOR SELECT TO {worker} USING (true);
