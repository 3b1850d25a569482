-- The one way into the journal. The stream (made at its first entry) is this node's own, named by its
-- description in canonical JSON; its row is held to the end, so that the order of `seq` is the order of commit.
CREATE FUNCTION journal_append(description bytea, payloads bytea[], ciphertexts bytea[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    d jsonb := convert_from(description, 'UTF8')::jsonb;
    digest bytea := sha256(description);
    target uuid := encode(substr(digest, 1, 16), 'hex')::uuid;
    s journal_stream%ROWTYPE;
    p bytea;
    j jsonb;
    sealed_hash bytea;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM journal_node WHERE ours AND id = (d ->> 'node')::uuid
            AND incarnation = (d ->> 'incarnation')::uuid) THEN
        RAISE EXCEPTION 'stream % is not written here', target USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT * INTO s FROM journal_stream WHERE id = target FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO journal_stream (id, node, incarnation, unit, channel, seq, hash)
        VALUES (target, (d ->> 'node')::uuid, (d ->> 'incarnation')::uuid, d ->> 'unit', d ->> 'channel', 0, digest)
        ON CONFLICT DO NOTHING;
        SELECT * INTO STRICT s FROM journal_stream WHERE id = target FOR UPDATE;
    END IF;
    FOR i IN 1 .. cardinality(payloads) LOOP
        p := payloads[i];
        j := convert_from(p, 'UTF8')::jsonb;
        s.seq := s.seq + 1;
        s.hash := sha256(s.hash || uuid_send(target) || int8send(s.seq) || sha256(p));
        sealed_hash := decode(j -> 'sealed' ->> 'sha256', 'hex');
        IF ciphertexts[i] IS NOT NULL THEN
            IF sha256(ciphertexts[i]) IS DISTINCT FROM sealed_hash THEN
                RAISE EXCEPTION 'the entry does not name the ciphertext beside it';
            END IF;
            INSERT INTO journal_ciphertext (sha256, data) VALUES (sealed_hash, ciphertexts[i])
                ON CONFLICT DO NOTHING;
        END IF;
        INSERT INTO journal_entry (stream_id, seq, payload, hash, unit, channel, id, subject, after, kind,
                                   version, actor, "grant", at, sealed)
        VALUES (target, s.seq, p, s.hash, s.unit, s.channel, (j ->> 'id')::uuid, (j ->> 'subject')::uuid,
                (j ->> 'after')::uuid, j ->> 'kind', (j ->> 'version')::int, (j ->> 'actor')::uuid,
                (j ->> 'grant')::uuid, (j ->> 'at')::timestamptz, sealed_hash);
    END LOOP;
    UPDATE journal_stream SET seq = s.seq, hash = s.hash WHERE id = target;
    IF s.channel = 'reference' THEN
        UPDATE journal_node SET reference = (j ->> 'id')::uuid WHERE ours;
    END IF;
    RETURN s.seq;
END $$;

-- Subjects first, then streams, each in id order: two actions can never wait for each other in a circle.
CREATE FUNCTION journal_lock(subjects uuid[], streams uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(s::text, 0))
        FROM (SELECT s FROM unnest(subjects) s ORDER BY hashtextextended(s::text, 0)) o;
    PERFORM 1 FROM (SELECT id FROM journal_stream WHERE id = ANY (streams) ORDER BY id FOR UPDATE) l;
END $$;

-- Entries are never updated or deleted, not even by their owner.
CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'entries of the journal are never changed' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER journal_entry_for_good BEFORE UPDATE OR DELETE ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION journal_refuse();
CREATE TRIGGER journal_entry_not_emptied BEFORE TRUNCATE ON journal_entry
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse();
