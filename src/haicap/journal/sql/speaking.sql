-- As before; and what an entry of `journal.taken` names in `after` is the last entry that it took in, by which it is
-- known of which line it speaks.
DROP FUNCTION journal_index(uuid, bigint, text, jsonb);
CREATE FUNCTION journal_index(place uuid, number bigint, kind text, it jsonb, named_last uuid) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    form text := '^[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$';
    named uuid := CASE WHEN COALESCE(it ->> 'stream', it ->> 'entry') ~ form
                       THEN COALESCE(it ->> 'stream', it ->> 'entry')::uuid END;
    further bigint := CASE jsonb_typeof(it -> 'up_to') WHEN 'number' THEN (it ->> 'up_to')::bigint END;
BEGIN
    IF kind = 'journal.released' AND named IS NOT NULL THEN
        INSERT INTO journal_verdict (entry, authority, seq, held) VALUES (named, place, number, false);
    ELSIF kind = 'journal.taken' AND named IS NOT NULL AND further > COALESCE(
            (SELECT max(t.up_to) FROM journal_taking t WHERE (t.authority, t.stream) = (place, named)), 0) THEN
        INSERT INTO journal_taking (authority, stream, up_to, seq, last)
            VALUES (place, named, further, number, named_last);
        INSERT INTO journal_verdict (entry, authority, seq, held)
            SELECT name::uuid, place, number, true FROM jsonb_object_keys(it -> 'held') name WHERE name ~ form;
    END IF;
END $$;
CREATE OR REPLACE FUNCTION journal_indexed() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM journal_index(NEW.stream_id, NEW.seq, NEW.kind, convert_from(NEW.payload, 'UTF8')::jsonb -> 'body',
                          NEW.after);
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION journal_index_again() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    LOCK TABLE journal_taking, journal_verdict IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM journal_taking;
    DELETE FROM journal_verdict;
    PERFORM journal_index(stream_id, seq, kind, convert_from(payload, 'UTF8')::jsonb -> 'body', after)
        FROM (SELECT * FROM journal_entry WHERE kind IN ('journal.taken', 'journal.released') AND version = 1
              ORDER BY stream_id, seq) e;
END $$;

-- Whether a taking speaks of the line that lies here: where it reaches to stands the entry that it names. It looks past
-- the reach of a session, whose subject's order hangs on entries of others too.
CREATE FUNCTION journal_speaks(t journal_taking) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT t.last IS NULL OR EXISTS (
        SELECT 1 FROM journal_entry e WHERE e.stream_id = t.stream AND e.seq = t.up_to AND e.id = t.last) $$;

REVOKE ALL ON FUNCTION journal_index(uuid, bigint, text, jsonb, uuid), journal_speaks(journal_taking) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION journal_speaks(journal_taking) TO {web}, {worker};
