-- As before; and the signing key that another one follows stays known: by it the checkpoint that is kept of the node was
-- signed, until its next contact.
CREATE OR REPLACE FUNCTION journal_know(node uuid, name text, incarnation uuid, public_key bytea, recipient text)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO journal_node AS n (id, name, ours, incarnation, public_key, recipient, earlier, reason)
    VALUES ($1, $2, false, $3, $4, $5, '[]', '')
    ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name, incarnation = EXCLUDED.incarnation,
        public_key = EXCLUDED.public_key, recipient = EXCLUDED.recipient,
        earlier = CASE WHEN n.public_key IN ('', EXCLUDED.public_key) OR n.earlier ? encode(n.public_key, 'hex')
                       THEN n.earlier ELSE n.earlier || to_jsonb(encode(n.public_key, 'hex')) END
    WHERE NOT n.ours $$;
