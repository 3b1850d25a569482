-- Search: what a matter is found by, the index over it, and the one function that looks.
-- An operator of text search is not leakproof: under row-level security the index would be asked last. So the function
-- runs as the owner, takes the reach from the session itself, and gives away nothing but ids within it.

-- What is searched: the folded words, with numbers apart at their dashes and run on without them.
CREATE FUNCTION matters_said(words text, number text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ' ' || translate(words, '-', ' ') || ' ' || lower(translate(number, '-', '')) || ' ';

-- What is indexed: each word, and behind a sign that no folded word has: the units and the province that may see it,
-- the procedure, and the week of coming in, in steps of 1, 4, 16 and 64 weeks.
CREATE FUNCTION matters_lexemes(words text, number text, unit text, holder text, raised_by text, province text,
                                procedure text, received timestamptz) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, public AS $$
    SELECT array_to_tsvector(
        ARRAY(SELECT left(w, 60) FROM unnest(string_to_array(matters_said(words, number), ' ')) w WHERE w <> '')
        || ARRAY['=u' || unit, '=u' || raised_by, COALESCE('=u' || holder, '=u'), COALESCE('=p' || province, '=p'),
                 '=k' || procedure]
        || ARRAY(SELECT '=' || level || '.' || div(week, (4 ^ level)::numeric) FROM generate_series(0, 3) level,
                 LATERAL (SELECT div(extract(epoch FROM received AT TIME ZONE 'UTC'), 604800) week) w)) $$;

CREATE INDEX matters_search ON matters_matterrow USING gin
    (matters_lexemes(words, number, unit, holder, raised_by, province, procedure, received)) WITH (fastupdate = off);

-- A tsquery that any of these lexemes fits; NULL for none.
CREATE FUNCTION matters_any(lexemes text[]) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (SELECT string_agg('''' || replace(replace(l, '\', '\\'), '''', '''''') || '''', '|')::tsquery
        FROM unnest(lexemes) l);

-- The ids of matters that fit `asked`, whose text is like each of `patterns`, and that the session reaches, the newest
-- first, at most `most` (NULL: all). Looks into ever longer times until there are so many: a common word costs no more
-- than a rare one. A pen at work does not widen what is found.
CREATE FUNCTION matters_found(asked text, patterns text[], most int) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off
SET enable_indexscan = off SET jit = off SET work_mem = '32MB' AS $$
DECLARE
    told jsonb := COALESCE(NULLIF(current_setting('haicap.reach', true), '')::jsonb, '{}');
    everywhere boolean := COALESCE((told ->> 'all')::boolean, false);
    units text[] := ARRAY(SELECT jsonb_array_elements_text(COALESCE(told -> 'units', '[]')));
    provinces text[] := ARRAY(SELECT jsonb_array_elements_text(COALESCE(told -> 'provinces', '[]')));
    few boolean := cardinality(units) <= 16;
    inside tsquery := matters_any(ARRAY(SELECT '=p' || p FROM unnest(provinces) p)
        || ARRAY(SELECT '=u' || u FROM unnest(units) u WHERE few));
    sought tsquery := asked::tsquery;
    outside tsquery;
    week int := div(extract(epoch FROM now()), 604800);
    times tsquery;
    ids uuid[];
BEGIN
    IF NOT everywhere AND NOT few THEN  -- too many to ask the index for each: their own columns tell
        outside := CASE WHEN inside IS NULL THEN sought ELSE sought && !! inside END;
    END IF;
    IF NOT everywhere THEN
        sought := sought && inside;
    END IF;
    FOR level IN CASE WHEN most IS NULL THEN 4 ELSE 0 END .. 4 LOOP
        times := CASE WHEN level < 4 THEN matters_any(ARRAY(
            SELECT '=' || level || '.' || div(week, (4 ^ level)::int) - n FROM generate_series(0, 1) n)) END;
        ids := ARRAY(
            SELECT found.id FROM (
                SELECT r.id, r.received FROM matters_matterrow r
                WHERE matters_lexemes(r.words, r.number, r.unit, r.holder, r.raised_by, r.province, r.procedure,
                                      r.received) @@ COALESCE(sought && times, sought)
                    AND matters_said(r.words, r.number) LIKE ALL (patterns)
                UNION ALL
                SELECT r.id, r.received FROM matters_matterrow r
                WHERE matters_lexemes(r.words, r.number, r.unit, r.holder, r.raised_by, r.province, r.procedure,
                                      r.received) @@ COALESCE(outside && times, outside)
                    AND matters_said(r.words, r.number) LIKE ALL (patterns)
                    AND (r.unit = ANY (units) OR r.holder = ANY (units) OR r.raised_by = ANY (units))
            ) found ORDER BY found.received DESC, found.id LIMIT most);
        EXIT WHEN cardinality(ids) >= most;
    END LOOP;
    RETURN ids;
END $$;
