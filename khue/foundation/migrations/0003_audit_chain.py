"""Sealing and partitions of the audit trail, as functions of the owner; the application may add rows and nothing else."""

from django.db import migrations

# One row in the canonical form that is hashed: khue/foundation/audit_chain.py says what it means and checks it.
LINE = """jsonb_build_array(
    id, to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), organisation_id, account_id,
    person_id, actor_name, roles, door, verb, subject_kind, subject_id, details)::text"""

# Rows are taken by "not yet sealed", not by a range of ids: ids are given before the commit, so that a smaller one may
# appear later. One sealer at a time; writers are never waited for.
SEAL = f"""
CREATE FUNCTION khue_audit_seal(most integer) RETURNS TABLE (block bigint, row_total integer, block_hash bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    previous foundation_auditblock;
    ids bigint[];
    hashes bytea;
    instant timestamptz := clock_timestamp();
BEGIN
    PERFORM pg_advisory_xact_lock(7265002);
    SELECT * INTO previous FROM foundation_auditblock ORDER BY id DESC LIMIT 1;
    SELECT array_agg(waiting.id ORDER BY waiting.id), string_agg(waiting.digest, ''::bytea ORDER BY waiting.id)
      INTO ids, hashes
      FROM (SELECT id, sha256(convert_to({LINE}, 'UTF8')) AS digest
              FROM foundation_auditrow WHERE block_id IS NULL ORDER BY id LIMIT most) waiting;
    IF ids IS NULL THEN
        RETURN;
    END IF;
    block := coalesce(previous.id, 0) + 1;
    row_total := cardinality(ids);
    block_hash := sha256(coalesce(previous.hash, ''::bytea) || int8send(block)
        || convert_to(to_char(instant AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'UTF8') || hashes);
    INSERT INTO foundation_auditblock (id, sealed_at, row_count, row_ids, row_hashes, previous_hash, hash)
    VALUES (block, instant, row_total, ids, hashes, coalesce(previous.hash, ''::bytea), block_hash);
    UPDATE foundation_auditrow SET block_id = block WHERE block_id IS NULL AND id = ANY(ids);
    RETURN NEXT;
END $$;
"""

# A month's partition is made ahead; should rows of that month already lie in the rest, they move into it. The
# application reads through the parent, where the policies are: on a partition it has no right at all.
PARTITIONS = """
CREATE FUNCTION khue_audit_partitions(months_ahead integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' SET lock_timeout = '3s' AS $$
DECLARE
    starts timestamptz;
    partition text;
    made integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(7265003);
    FOR starts IN SELECT generate_series(date_trunc('month', now()), date_trunc('month', now())
                                         + make_interval(months => months_ahead), interval '1 month') LOOP
        partition := 'foundation_auditrow_' || to_char(starts, 'YYYY_MM');
        CONTINUE WHEN to_regclass(partition) IS NOT NULL;
        EXECUTE format('CREATE TABLE %I (LIKE foundation_auditrow INCLUDING DEFAULTS)', partition);
        EXECUTE format('REVOKE ALL ON %I FROM khue_app', partition);
        EXECUTE format('WITH moved AS (DELETE FROM foundation_auditrow_rest WHERE occurred_at >= %L AND occurred_at < %L'
            ' RETURNING *) INSERT INTO %I SELECT * FROM moved', starts, starts + interval '1 month', partition);
        EXECUTE format('ALTER TABLE foundation_auditrow ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
            partition, starts, starts + interval '1 month');
        made := made + 1;
    END LOOP;
    RETURN made;
END $$;
SELECT khue_audit_partitions(3);
"""

RIGHTS = """
REVOKE ALL ON FUNCTION khue_audit_seal(integer), khue_audit_partitions(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION khue_audit_seal(integer), khue_audit_partitions(integer) TO khue_app;
REVOKE ALL ON foundation_auditrow_rest FROM khue_app;
REVOKE ALL ON foundation_auditrow, foundation_auditblock FROM khue_app;
GRANT SELECT ON foundation_auditrow, foundation_auditblock TO khue_app;
GRANT INSERT (occurred_at, organisation_id, account_id, person_id, actor_name, roles, door, verb, subject_kind,
    subject_id, details) ON foundation_auditrow TO khue_app;
"""

# A row of no organisation (a sign-in, an operator's command) is read only in the scope of the whole node.
POLICIES = """
DROP POLICY scope_select ON foundation_auditrow;
CREATE POLICY scope_select ON foundation_auditrow FOR SELECT USING (
    (SELECT khue_scope_is_all()) OR organisation_id = ANY ((SELECT khue_scope())::bigint[]));
DROP POLICY scope_insert ON foundation_auditrow;
CREATE POLICY scope_insert ON foundation_auditrow FOR INSERT WITH CHECK (
    organisation_id IS NULL OR (SELECT khue_scope_is_all()) OR organisation_id = ANY ((SELECT khue_scope())::bigint[]));
DROP POLICY scope_update ON foundation_auditrow;
CREATE POLICY scope_update ON foundation_auditrow FOR UPDATE USING (false);
DROP POLICY scope_delete ON foundation_auditrow;
CREATE POLICY scope_delete ON foundation_auditrow FOR DELETE USING (false);
"""


class Migration(migrations.Migration):
    dependencies = [("foundation", "0002_working_parts")]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX auditrow_organisation ON foundation_auditrow (organisation_id, occurred_at, id)",
            "DROP INDEX auditrow_organisation",
        ),
        migrations.RunSQL(SEAL, "DROP FUNCTION khue_audit_seal(integer)"),
        migrations.RunSQL(PARTITIONS, "DROP FUNCTION khue_audit_partitions(integer)"),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
        migrations.RunSQL(POLICIES, migrations.RunSQL.noop),
    ]
