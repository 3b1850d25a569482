-- The blind index: beside a ciphertext the keyed digests of what it may be found by. They go when it goes.
-- For `journal_append`, `blinds` holds for each entry the digests of its ciphertext, 32 bytes each, one after the other.
ALTER TABLE journal_ciphertext ADD COLUMN blind bytea[] NOT NULL DEFAULT '{{}}';
CREATE INDEX journal_ciphertext_blind ON journal_ciphertext USING gin (blind) WITH (fastupdate = off);
CREATE INDEX journal_entry_sealed ON journal_entry (sealed) WHERE sealed IS NOT NULL;

DROP FUNCTION journal_append(bytea, bytea[], bytea[]);
CREATE FUNCTION journal_append(description bytea, payloads bytea[], ciphertexts bytea[],
                               blinds bytea[] DEFAULT '{{}}') RETURNS bigint
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
            INSERT INTO journal_ciphertext (sha256, data, blind)
                VALUES (sealed_hash, ciphertexts[i], journal_parted(COALESCE(blinds[i], '')))
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

CREATE FUNCTION journal_parted(digests bytea) RETURNS bytea[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ARRAY(SELECT substr(digests, 32 * n + 1, 32) FROM generate_series(0, length(digests) / 32 - 1) n);

-- For what was sealed before there was an index: digests are put beside a ciphertext that has none.
CREATE FUNCTION journal_blind(ciphertext bytea, digests bytea) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
AS $$ UPDATE journal_ciphertext SET blind = journal_parted(digests) WHERE sha256 = ciphertext AND blind = '{{}}' $$;

REVOKE ALL ON FUNCTION journal_append(bytea, bytea[], bytea[], bytea[]), journal_blind(bytea, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION journal_append(bytea, bytea[], bytea[], bytea[]) TO {web}, {worker};
GRANT EXECUTE ON FUNCTION journal_blind(bytea, bytea) TO {worker};
