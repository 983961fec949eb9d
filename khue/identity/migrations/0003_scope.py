"""Who reads which row of identity, and the one question every request asks: who is this?

Grants and consents are isolated by organisation. Handles are seen by their account and where it has a role. Passwords,
codes, keys and sessions are open to their own account only; signing in raises the scope on purpose.
"""

from django.db import migrations

from khue.foundation.rls import protect

# The account of this transaction, set beside the scope.
ACCOUNT = """
CREATE FUNCTION khue_account() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('khue.account', true), '')::bigint $$;
"""

# The grant's own policy narrows this to grants in scope.
HAS_ROLE_HERE = "EXISTS (SELECT 1 FROM identity_grant g WHERE g.account_id = identity_handle.account_id)"


def own(table: str, also_readable: str = "false") -> migrations.RunSQL:
    """Rows exist only for transactions of their account, and for those whose scope is the whole node."""
    own = f"((SELECT khue_scope_is_all()) OR {table}.account_id = (SELECT khue_account()))"
    return migrations.RunSQL(
        f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        CREATE POLICY own_rows ON {table} USING ({own}) WITH CHECK ({own});
        CREATE POLICY also_readable ON {table} FOR SELECT USING ({also_readable});
        """,
        f"""
        DROP POLICY own_rows ON {table}; DROP POLICY also_readable ON {table};
        ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
        """,
    )


OWN_TABLES = [
    "identity_password",
    "identity_activationcode",
    "identity_session",
    "identity_authenticatorapp",
    "identity_recoverycode",
    "identity_passkey",
    "identity_externalidentity",
]

# Every role in force that day, with the organisations it covers: null for the root of the node, which covers all.
# A guardian's role counts only where a guardianship in force, not barred, stands behind it.
# The bounds are a prefix search that the index on lineage serves whatever the parameter (":" follows "9" and ".").
ROLES = """
CREATE FUNCTION identity_roles(of_account bigint, of_person bigint, on_day date)
RETURNS TABLE (role text, organisation_id bigint, covers bigint[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT g.role::text, g.organisation_id, below.ids
    FROM identity_grant g
    JOIN registry_organisation o ON o.id = g.organisation_id
    CROSS JOIN LATERAL (
        SELECT CASE WHEN o.parent_id IS NOT NULL THEN (
            SELECT array_agg(b.id) FROM registry_organisation b
            WHERE b.lineage ~>=~ o.lineage AND b.lineage ~<~ (o.lineage || ':')
        ) END AS ids
    ) below
    WHERE g.account_id = of_account AND g.revoked_at IS NULL
      AND g.valid_from <= on_day AND (g.valid_to IS NULL OR g.valid_to >= on_day)
      AND (g.role <> 'guardian' OR EXISTS (
          SELECT 1 FROM registry_guardianship w
          WHERE w.guardian_id = of_person AND NOT w.is_barred
            AND w.valid_from <= on_day AND (w.valid_to IS NULL OR w.valid_to >= on_day)
            AND (below.ids IS NULL OR w.organisation_id = ANY (below.ids))));
END $$;
"""

# An account as an actor: one row, or none when it is closed. The covered ids are text, "*" for the whole node.
ACTOR = """
CREATE FUNCTION identity_actor(
    of_account bigint, on_day date,
    OUT account_id bigint, OUT person_id bigint, OUT name text, OUT language text,
    OUT roles text[], OUT organisations bigint[], OUT covers text[], OUT wards bigint[])
RETURNS SETOF record
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE guarded text[];
BEGIN
    SELECT a.id, a.person_id, coalesce(nullif(a.display_name, ''), p.full_name, a.user_name), a.language
    INTO account_id, person_id, name, language
    FROM identity_account a LEFT JOIN registry_person p ON p.id = a.person_id
    WHERE a.id = of_account AND a.is_active;
    IF NOT FOUND THEN RETURN; END IF;
    SELECT array_agg(r.role), array_agg(r.organisation_id), array_agg(coalesce(array_to_string(r.covers, ','), '*')),
           string_to_array(string_agg(array_to_string(r.covers, ','), ',') FILTER (WHERE r.role = 'guardian'), ',')
    INTO roles, organisations, covers, guarded FROM identity_roles(of_account, person_id, on_day) r;
    IF guarded IS NOT NULL THEN
        SELECT array_agg(w.child_id) INTO wards FROM registry_guardianship w
        WHERE w.guardian_id = identity_actor.person_id AND NOT w.is_barred
          AND w.valid_from <= on_day AND (w.valid_to IS NULL OR w.valid_to >= on_day)
          AND w.organisation_id = ANY (guarded::bigint[]);
    END IF;
    RETURN NEXT;
END $$;
"""

# The same for the bearer of a session token, and the transaction enters the actor's scope at once. `pending` says what
# the account must do before it is anybody: until then the scope stays empty. Seen is written once in five minutes, and
# never waits for another request of the same session.
SESSION = """
CREATE FUNCTION identity_session_actor(
    token bytea, at timestamptz, on_day date, guarded_roles text[],
    OUT session_id bigint, OUT confirmed_at timestamptz, OUT has_factor boolean, OUT pending text,
    OUT account_id bigint, OUT person_id bigint, OUT name text, OUT language text,
    OUT roles text[], OUT organisations bigint[], OUT covers text[], OUT wards bigint[])
RETURNS SETOF record
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    session identity_session%ROWTYPE;
    must_change boolean;
BEGIN
    SELECT * INTO session FROM identity_session s
    WHERE s.token_hash = token AND s.expires_at > at AND s.last_seen_at + s.idle_limit > at;
    IF NOT FOUND THEN RETURN; END IF;
    SELECT a.account_id, a.person_id, a.name, a.language, a.roles, a.organisations, a.covers, a.wards
    INTO account_id, person_id, name, language, roles, organisations, covers, wards
    FROM identity_actor(session.account_id, on_day) a;
    IF NOT FOUND THEN RETURN; END IF;
    SELECT a.must_change_password INTO must_change FROM identity_account a WHERE a.id = session.account_id;
    session_id := session.id;
    confirmed_at := session.confirmed_at;
    has_factor := EXISTS (SELECT 1 FROM identity_authenticatorapp f
                          WHERE f.account_id = session.account_id AND f.confirmed_at IS NOT NULL)
               OR EXISTS (SELECT 1 FROM identity_passkey k WHERE k.account_id = session.account_id);
    pending := CASE WHEN NOT session.verified_second_factor
                         AND (has_factor OR coalesce(roles && guarded_roles, false)) THEN 'second_factor'
                    WHEN must_change THEN 'password' ELSE '' END;
    IF session.last_seen_at < at - interval '5 minutes' THEN
        UPDATE identity_session s SET last_seen_at = at
        WHERE s.id = (SELECT l.id FROM identity_session l WHERE l.id = session.id FOR UPDATE SKIP LOCKED);
    END IF;
    PERFORM set_config('khue.account', session.account_id::text, true),
            set_config('khue.scope', CASE
                WHEN pending <> '' THEN ''
                WHEN '*' = ANY (covers) THEN '*'
                ELSE coalesce((SELECT string_agg(DISTINCT c, ',') FROM unnest(covers) c), '') END, true);
    RETURN NEXT;
END $$;
"""

NAMES = ["identity_roles(bigint, bigint, date)", "identity_actor(bigint, date)"]
NAMES += ["identity_session_actor(bytea, timestamptz, date, text[])"]
RIGHTS = "".join(f"REVOKE ALL ON FUNCTION {n} FROM PUBLIC; GRANT EXECUTE ON FUNCTION {n} TO khue_app;" for n in NAMES)
DROP = "".join(f"DROP FUNCTION {name};" for name in reversed(NAMES)) + "DROP FUNCTION khue_account();"


class Migration(migrations.Migration):
    dependencies = [("identity", "0002_sign_in"), ("registry", "0002_scope")]
    operations = [
        migrations.RunSQL(ACCOUNT + ROLES + ACTOR + SESSION + RIGHTS, DROP),
        protect("identity_grant"),
        protect("identity_consent"),
        *[own(table) for table in OWN_TABLES],
        own("identity_handle", also_readable=HAS_ROLE_HERE),
    ]
