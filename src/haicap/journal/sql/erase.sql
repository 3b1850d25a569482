-- Erasure: a subject's ciphertexts, with their blind index, and its keys are destroyed, and only where the authority
-- has ordered it. The entries and their chain stay.
CREATE FUNCTION journal_destroy(erased uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM journal_entry e JOIN journal_stream s ON s.id = e.stream_id
                   JOIN journal_node n ON n.ours AND s.node = COALESCE(n.authority, n.id)
                   WHERE e.subject = erased AND e.kind = 'key.erased') THEN
        RAISE EXCEPTION 'nobody has ordered to erase %', erased USING ERRCODE = 'insufficient_privilege';
    END IF;
    DELETE FROM journal_ciphertext c USING journal_entry e WHERE e.subject = erased AND e.sealed = c.sha256;
    DELETE FROM journal_subjectkey WHERE subject = erased;
    DELETE FROM journal_wanted WHERE subject = erased;
END $$;

REVOKE ALL ON FUNCTION journal_destroy(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION journal_destroy(uuid) TO {web}, {worker};
