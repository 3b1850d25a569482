-- Search: what a matter is found by, the index over it, and the one function that looks.
-- An operator of text search is not leakproof: under row-level security the index would be asked last. So the function
-- runs as the owner, takes the reach from the session itself, and gives away nothing but ids within it.

-- What is searched: the folded words, with numbers apart at their dashes and run on without them.
CREATE FUNCTION matters_said(words text, number text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ' ' || translate(words, '-', ' ') || ' ' || lower(translate(number, '-', '')) || ' ';

-- What is indexed: each word, and behind a sign that no folded word has: the units that may see it, the procedure, and
-- the day of coming in, among 1, 4, 16, 64 and 256 days.
CREATE FUNCTION matters_lexemes(words text, number text, unit text, holder text, raised_by text, procedure text,
                                received timestamptz) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, public AS $$
    SELECT array_to_tsvector(
        ARRAY(SELECT left(w, 60) FROM unnest(string_to_array(matters_said(words, number), ' ')) w WHERE w <> '')
        || ARRAY['=u' || unit, '=u' || raised_by, COALESCE('=u' || holder, '=u'), '=k' || procedure]
        || ARRAY(SELECT '=' || level || '.' || div(day, (4 ^ level)::numeric) FROM generate_series(0, 4) level,
                 LATERAL (SELECT div(extract(epoch FROM received AT TIME ZONE 'UTC'), 86400) AS day) d)) $$;

CREATE INDEX matters_search ON matters_matterrow USING gin
    (matters_lexemes(words, number, unit, holder, raised_by, procedure, received)) WITH
    (gin_pending_list_limit = 256);  -- kB: writing costs half of what it does without; a search reads so much besides

-- A tsquery that any of these lexemes fits; NULL for none.
CREATE FUNCTION matters_any(lexemes text[]) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (SELECT string_agg('''' || replace(replace(l, '\', '\\'), '''', '''''') || '''', '|')::tsquery
        FROM unnest(lexemes) l);

-- The lexemes of all days from `day` to before `past`: the widest spans that fit.
CREATE FUNCTION matters_days(day int, past int) RETURNS text[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    spans text[] := '{}';
    level int;
BEGIN
    WHILE day < past LOOP
        SELECT max(l) INTO level FROM generate_series(0, 4) l WHERE day % (4 ^ l)::int = 0 AND day + (4 ^ l)::int <= past;
        spans := spans || ('=' || level || '.' || div(day, (4 ^ level)::int));
        day := day + (4 ^ level)::int;
    END LOOP;
    RETURN spans;
END $$;

-- The ids of matters that fit `asked`, whose text has each of `patterns`, and that the session reaches, the newest
-- first, at most `most` (NULL: all). Looks into the last days, then into as many more as what was found there lets expect
-- to be enough: a common word costs no more than a rare one. A pen at work does not widen what is found. Matters that
-- were taken back with their sheet are found only where `retracted` says so.
CREATE FUNCTION matters_found(asked text, patterns text[], most int, retracted boolean) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off
SET enable_indexscan = off SET jit = off SET work_mem = '32MB' AS $$
DECLARE
    told jsonb := COALESCE(NULLIF(current_setting('haicap.reach', true), '')::jsonb, '{}');
    everywhere boolean := COALESCE((told ->> 'all')::boolean, false);
    units text[] := ARRAY(SELECT jsonb_array_elements_text(COALESCE(told -> 'units', '[]')));
    provinces text[] := ARRAY(SELECT jsonb_array_elements_text(COALESCE(told -> 'provinces', '[]')));
    few boolean := NOT everywhere AND cardinality(provinces) = 0 AND cardinality(units) <= 16;
    plain boolean := cardinality(patterns) = 0;
    sought tsquery := asked::tsquery;
    today int := div(extract(epoch FROM now()), 86400);
    days int := CASE WHEN most IS NULL THEN NULL ELSE 2 END;  -- NULL: always
    times tsquery;
    ids uuid[];
BEGIN
    IF few THEN  -- a whole province is most of what there is here: its rows are told by their columns, at no cost
        sought := sought && matters_any(ARRAY(SELECT '=u' || u FROM unnest(units) u));
    END IF;
    LOOP
        times := matters_any(matters_days((today - days) / greatest(1, days / 8) * greatest(1, days / 8), today + 1));
        ids := ARRAY(
            SELECT r.id FROM matters_matterrow r
            WHERE matters_lexemes(r.words, r.number, r.unit, r.holder, r.raised_by, r.procedure, r.received)
                    @@ COALESCE(sought && times, sought)
                AND (few OR everywhere OR r.province = ANY (provinces) OR r.unit = ANY (units)
                     OR r.holder = ANY (units) OR r.raised_by = ANY (units))
                AND (retracted OR r.status <> 'retracted')
                AND (plain OR matters_said(r.words, r.number) ~ ALL (patterns))
            ORDER BY r.received DESC, r.id LIMIT most);
        EXIT WHEN days IS NULL OR cardinality(ids) >= most;
        days := ceil(days * least(16, 1.4 * most / greatest(1, cardinality(ids))));
        days := CASE WHEN days <= 1024 THEN days END;
    END LOOP;
    RETURN ids;
END $$;

-- The matters in whose sealed facts one of these digests stands, and that the session reaches, the newest first. The entry
-- may lie in the file of a unit that the session does not reach, though the matter is held by one that it does.
CREATE FUNCTION matters_bearing(digests bytea[], most int) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH told AS (SELECT COALESCE(NULLIF(current_setting('haicap.reach', true), '')::jsonb, '{}') AS it)
    SELECT ARRAY(
        SELECT r.id FROM matters_matterrow r, told
        WHERE r.id IN (SELECT e.subject FROM journal_ciphertext c JOIN journal_entry e ON e.sealed = c.sha256
                       WHERE c.blind && digests)
            AND r.status <> 'retracted'
            AND (COALESCE((told.it ->> 'all')::boolean, false) OR told.it -> 'provinces' ? r.province
                 OR told.it -> 'units' ?| ARRAY[r.unit, r.holder, r.raised_by])
        ORDER BY r.received DESC, r.id LIMIT most) $$;

REVOKE ALL ON FUNCTION matters_found(text, text[], int, boolean), matters_bearing(bytea[], int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION matters_found(text, text[], int, boolean), matters_bearing(bytea[], int) TO "the web role";
