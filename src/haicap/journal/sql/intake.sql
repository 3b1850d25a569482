-- Writes entries after the head of a stream whose row the caller holds: chains them here, whoever has done so
-- before, and moves the head. Returns the stream as it is then.
CREATE FUNCTION journal_put(s journal_stream, payloads bytea[], ciphertexts bytea[], blinds bytea[])
RETURNS journal_stream LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    head bytea := s.hash;
    name bytea := uuid_send(s.id);
    hashes bytea[] := '{{}}';
    wrong bigint;
BEGIN
    FOR i IN 1 .. cardinality(payloads) LOOP
        head := sha256(head || name || int8send(s.seq + i) || sha256(payloads[i]));
        hashes[i] := head;
    END LOOP;
    WITH lines AS MATERIALIZED (
        SELECT l.*, j.it, decode(j.it #>> '{{sealed,sha256}}', 'hex') AS sealed
        FROM unnest(payloads, hashes, ciphertexts, blinds) WITH ORDINALITY l(payload, hash, ciphertext, blind, n),
             LATERAL (SELECT convert_from(l.payload, 'UTF8')::jsonb AS it OFFSET 0) j
    ), put AS (
        INSERT INTO journal_entry (stream_id, seq, payload, hash, unit, channel, id, subject, after, kind, version,
                                   actor, "grant", at, sealed)
        SELECT s.id, s.seq + n, payload, hash, s.unit, s.channel, (it ->> 'id')::uuid, (it ->> 'subject')::uuid,
               (it ->> 'after')::uuid, it ->> 'kind', (it ->> 'version')::int, (it ->> 'actor')::uuid,
               (it ->> 'grant')::uuid, (it ->> 'at')::timestamptz, sealed
        FROM lines ORDER BY n
    ), kept AS (
        INSERT INTO journal_ciphertext (sha256, data, blind)
        SELECT sealed, ciphertext, journal_parted(COALESCE(blind, ''))
        FROM lines WHERE ciphertext IS NOT NULL AND sealed IS NOT NULL
        ON CONFLICT DO NOTHING
    )
    SELECT count(*) INTO wrong FROM lines
        WHERE ciphertext IS NOT NULL AND sha256(ciphertext) IS DISTINCT FROM sealed;
    IF wrong > 0 THEN
        RAISE EXCEPTION 'the entry does not name the ciphertext beside it';
    END IF;
    IF s.channel = 'reference' AND cardinality(payloads) > 0 THEN
        UPDATE journal_node SET reference =
            (convert_from(payloads[cardinality(payloads)], 'UTF8')::jsonb ->> 'id')::uuid WHERE ours;
    END IF;
    s.seq := s.seq + cardinality(payloads);
    s.hash := head;
    UPDATE journal_stream SET seq = s.seq, hash = s.hash WHERE id = s.id;
    RETURN s;
END $$;

-- The row of a stream, held to the end of the transaction, made if it is new.
CREATE FUNCTION journal_hold(description bytea) RETURNS journal_stream
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    d jsonb := convert_from(description, 'UTF8')::jsonb;
    digest bytea := sha256(description);
    target uuid := encode(substr(digest, 1, 16), 'hex')::uuid;
    s journal_stream%ROWTYPE;
BEGIN
    SELECT * INTO s FROM journal_stream WHERE id = target FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO journal_stream (id, node, incarnation, unit, channel, seq, hash)
        VALUES (target, (d ->> 'node')::uuid, (d ->> 'incarnation')::uuid, d ->> 'unit', d ->> 'channel', 0, digest)
        ON CONFLICT DO NOTHING;
        SELECT * INTO STRICT s FROM journal_stream WHERE id = target FOR UPDATE;
    END IF;
    RETURN s;
END $$;

CREATE FUNCTION journal_own(description bytea) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM journal_node n, convert_from(description, 'UTF8') t WHERE n.ours
        AND n.id = (t::jsonb ->> 'node')::uuid AND n.incarnation = (t::jsonb ->> 'incarnation')::uuid) $$;

-- The one way in for what is written here; its order is the order of commit.
CREATE OR REPLACE FUNCTION journal_append(description bytea, payloads bytea[], ciphertexts bytea[],
                                          blinds bytea[] DEFAULT '{{}}') RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT journal_own(description) THEN
        RAISE EXCEPTION 'stream % is not written here', encode(substr(sha256(description), 1, 16), 'hex')::uuid
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN (journal_put(journal_hold(description), payloads, ciphertexts, blinds)).seq;
END $$;

-- The one way in for what is written elsewhere, or was by an earlier incarnation of this node: after the head alone.
CREATE FUNCTION journal_receive(description bytea, after bigint, payloads bytea[], ciphertexts bytea[],
                                OUT seq bigint, OUT hash bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    s journal_stream%ROWTYPE := journal_hold(description);
BEGIN
    IF journal_own(description) THEN
        RAISE EXCEPTION 'stream % is written here', s.id USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF s.seq <> after THEN
        RAISE EXCEPTION 'stream % has come to %, not to %', s.id, s.seq, after USING ERRCODE = 'serialization_failure';
    END IF;
    INSERT INTO journal_node (id, name, ours, incarnation, public_key, recipient, reason)
        VALUES (s.node, '', false, s.incarnation, '', '', '') ON CONFLICT DO NOTHING;
    s := journal_put(s, payloads, ciphertexts, '{{}}');
    seq := s.seq;
    hash := s.hash;
END $$;

-- What the row of another node says of it, as far as this node was told.
CREATE FUNCTION journal_know(node uuid, name text, incarnation uuid, public_key bytea, recipient text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO journal_node AS n (id, name, ours, incarnation, public_key, recipient, reason)
    VALUES ($1, $2, false, $3, $4, $5, '')
    ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name, incarnation = EXCLUDED.incarnation,
        public_key = EXCLUDED.public_key, recipient = EXCLUDED.recipient WHERE NOT n.ours $$;

-- An index of what `journal.taken` and `journal.released` say, so that the order of a subject is found without
-- reading all of them. Bodies that are not as they should be take nothing in.
CREATE FUNCTION journal_index(place uuid, number bigint, kind text, it jsonb) RETURNS void
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
        INSERT INTO journal_taking (authority, stream, up_to, seq) VALUES (place, named, further, number);
        INSERT INTO journal_verdict (entry, authority, seq, held)
            SELECT name::uuid, place, number, true FROM jsonb_object_keys(it -> 'held') name WHERE name ~ form;
    END IF;
END $$;
CREATE FUNCTION journal_indexed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM journal_index(NEW.stream_id, NEW.seq, NEW.kind,
                          convert_from(NEW.payload, 'UTF8')::jsonb -> 'body');
    RETURN NULL;
END $$;
CREATE TRIGGER journal_entry_indexed AFTER INSERT ON journal_entry FOR EACH ROW
    WHEN (NEW.kind IN ('journal.taken', 'journal.released') AND NEW.version = 1)
    EXECUTE FUNCTION journal_indexed();

-- The index made again from the entries.
CREATE FUNCTION journal_index_again() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    LOCK TABLE journal_taking, journal_verdict IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM journal_taking;
    DELETE FROM journal_verdict;
    PERFORM journal_index(stream_id, seq, kind, convert_from(payload, 'UTF8')::jsonb -> 'body')
        FROM (SELECT * FROM journal_entry WHERE kind IN ('journal.taken', 'journal.released') AND version = 1
              ORDER BY stream_id, seq) e;
END $$;
CREATE INDEX journal_entry_order ON journal_entry (stream_id, seq)
    WHERE kind IN ('journal.taken', 'journal.released');

-- Which entries name a key: it is given to whoever may read them. The text of a payload is UTF-8 in any database.
CREATE FUNCTION journal_key(payload bytea) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT decode(convert_from(payload, 'UTF8')::jsonb -> 'sealed' ->> 'key_id', 'hex') $$;
CREATE INDEX journal_entry_key ON journal_entry (journal_key(payload)) WHERE sealed IS NOT NULL;

-- Which entries name a file: `blob`, and `picture` beside it, however deep in a body.
CREATE FUNCTION journal_files(payload bytea) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ARRAY(SELECT jsonb_path_query(it, 'lax $.**.blob') #>> '{{}}'
                 UNION SELECT jsonb_path_query(it, 'lax $.**.picture') #>> '{{}}')
    FROM (SELECT convert_from(payload, 'UTF8')::jsonb -> 'body' AS it) b $$;
CREATE INDEX journal_entry_files ON journal_entry USING gin (journal_files(payload)) WITH (fastupdate = off)
    WHERE position('"blob"'::bytea IN payload) > 0;

-- An entry goes only where it stays as abandoned: of a line that goes on otherwise, as its writer or the parent has it.
CREATE OR REPLACE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND TG_LEVEL = 'ROW' THEN
        IF EXISTS (SELECT 1 FROM journal_abandoned a WHERE (a.stream_id, a.seq, a.hash, a.payload)
                   = (OLD.stream_id, OLD.seq, OLD.hash, OLD.payload)) THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'entries of the journal are never changed' USING ERRCODE = 'insufficient_privilege';
END $$;
-- Ends a line at `upto`, if all beyond it stands in another line as well; false where it does not. Never a line that
-- is written here now.
CREATE FUNCTION journal_abandon(description bytea, upto bigint) RETURNS boolean
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    s journal_stream%ROWTYPE := journal_hold(description);
BEGIN
    IF journal_own(description) OR EXISTS (SELECT 1 FROM journal_entry e WHERE e.stream_id = s.id AND e.seq > upto
            AND NOT EXISTS (SELECT 1 FROM journal_entry o WHERE o.id = e.id AND o.stream_id <> s.id
                            AND o.payload = e.payload)) THEN
        RETURN false;
    END IF;
    INSERT INTO journal_abandoned (stream_id, seq, hash, payload)
        SELECT stream_id, seq, hash, payload FROM journal_entry WHERE stream_id = s.id AND seq > upto;
    DELETE FROM journal_taking WHERE authority = s.id AND seq > upto;
    DELETE FROM journal_verdict WHERE authority = s.id AND seq > upto;
    DELETE FROM journal_entry WHERE stream_id = s.id AND seq > upto;
    UPDATE journal_stream t SET seq = LEAST(s.seq, upto), hash = COALESCE(
        (SELECT e.hash FROM journal_entry e WHERE e.stream_id = s.id ORDER BY e.seq DESC LIMIT 1), sha256(description))
        WHERE t.id = s.id;
    RETURN true;
END $$;

REVOKE ALL ON FUNCTION journal_put(journal_stream, bytea[], bytea[], bytea[]), journal_hold(bytea), journal_own(bytea),
    journal_receive(bytea, bigint, bytea[], bytea[]), journal_know(uuid, text, uuid, bytea, text),
    journal_index(uuid, bigint, text, jsonb), journal_index_again(), journal_abandon(bytea, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION journal_receive(bytea, bigint, bytea[], bytea[]),
    journal_know(uuid, text, uuid, bytea, text), journal_index_again() TO {worker};
GRANT SELECT ON journal_taking, journal_verdict, journal_wanted, journal_lacking, journal_witness, journal_abandoned TO {web}, {worker};
GRANT INSERT, DELETE ON journal_wanted, journal_lacking TO {worker};
GRANT INSERT, UPDATE ON journal_witness TO {worker};
