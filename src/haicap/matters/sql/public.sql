-- What people who have not signed in may ask, answered by the owner past row-level security: nothing else.

-- The matter with this number whose receipt bears this code (the first five bytes of a hash); null if there is none.
CREATE FUNCTION public_subject(wanted text, code bytea) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    SELECT m.id FROM matters_matterrow m
    JOIN journal_entry e ON e.subject = m.id AND e.kind = 'matter.raised'
    WHERE m.number = wanted AND substring(sha256('haicap look-up'::bytea || e.payload) FROM 1 FOR 5) = code
    LIMIT 1 $$;

-- What a unit owed in files of its own that came to its end in [since, until), and how much of it was late.
CREATE FUNCTION public_timeliness(wanted text, since timestamptz, until timestamptz)
RETURNS TABLE (procedure text, due bigint, late bigint) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
    SELECT o.procedure, count(*), count(*) FILTER (WHERE o.met IS NULL OR o.met > o.due) FROM clocks_owed o
    WHERE o.file = wanted AND o.unit = wanted AND o.room = 'matters' AND o.level = 'unit'
      AND o.due > since AND o.due <= until
    GROUP BY o.procedure ORDER BY o.procedure $$;

REVOKE ALL ON FUNCTION public_subject(text, bytea), public_timeliness(text, timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public_subject(text, bytea), public_timeliness(text, timestamptz, timestamptz) TO {web};
