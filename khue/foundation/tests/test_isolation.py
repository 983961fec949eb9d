"""No statement in one school's scope reaches another school's rows, in any table, whatever the query forgets.

The tables are found in the catalogue of the database, so a new one is tested the day it is made. A table of which the
small world has no row gets one generated; a table where that fails, fails the test by its name.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import psycopg
import pytest
from django.conf import settings
from django.db import connection, transaction

from khue.foundation.postgres import addresses
from tests.world import World

pytestmark = pytest.mark.django_db

# table: why a row of one school may be read in another's scope
READABLE_ELSEWHERE: dict[str, str] = {
    "indicators_humanmeasure": "human capital of the country and its provinces, as published sources give it",
    "indicators_opendataset": "open data: published for everybody, small figures hidden",
    "indicators_reportdeadline": "by when an office wants a report: those below must know",
    "indicators_supportprogramme": "who gives what for which schools is public",
    "schools_admissionplan": "a promise to the public: whom a school admits, how many, by which rule; nobody's data",
}

# table: why any scope may add a row of any school
ADDED_FROM_ANYWHERE = {
    "foundation_outboxevent": "an action may publish what happened beyond the scope; only the worker reads it",
}

# table without an organisation column and without policies: why it holds nothing of a school
HOLDS_NO_SCHOOLS_DATA = {
    "curriculum_gradeplan": "the national programme, the same for all",
    "curriculum_outcome": "the national programme",
    "curriculum_outcomeimport": "the national programme",
    "curriculum_programme": "the national programme",
    "curriculum_strand": "the national programme",
    "curriculum_subject": "the national programme",
    "curriculum_subjectgrade": "the national programme",
    "exchange_farschool": "which schools exist, on which node, is public",
    "exchange_fieldgrant": "which fields a level may see, the same for all",
    "exchange_knownnode": "what other nodes are called, and their public keys",
    "exchange_listedschool": "which schools exist, on which node, is public",
    "exchange_thisnode": "what this node is called",
    "exchange_validationrule": "rules of the national data, the same for all",
    "foundation_auditblock": "hashes and numbers of rows",
    "foundation_eventdelivery": "numbers of events and names of functions",
    "indicators_cuberun": "when the figures of a month were counted, from which files",
    "indicators_figuremark": "how far figures of other nodes are taken: a number of the feed",
    "indicators_lakemark": "how far the facts have flowed: a number of the database",
    "indicators_lakepartition": "names, sizes and hashes of files",
    "messaging_pace": "how fast a channel of the node may go",
    "identity_attempts": "counts of sign-ins that failed, before anyone is signed in",
    "identity_provider": "where people may sign in from elsewhere",
    "identity_spenttoken": "hashes of what must not be used twice",
    "procedures_knock": "keyed hashes of codes and addresses that were tried, before anyone is known",
    "procedures_publicday": "public holidays, the same for all",
    "records_trialauthority": "the key of a demonstration that nobody outside trusts, sealed",
    "records_revocationlist": "what certification authorities publish",
    "registry_formerterritory": "the map of the country",
    "registry_management": "who manages which school is public",
    "registry_name_word": "words of names without the names, which the application may not read either",
    "registry_organisation": "which schools exist is public",
    "registry_organisationcode": "which school bore which code is public",
    "registry_succession": "which school took over from which is public",
    "registry_territory": "the map of the country",
    "registry_territorystatus": "the map of the country",
}

# function that runs with the owner's rights: why it must, and that it cannot be turned against another school
OWNERS_FUNCTIONS = {
    "exchange_count_copies": "a trigger: adds to a peer how many of its records came or went, whatever the scope is",
    "exchange_pass_copy_on": "a trigger: the same where a record passes from one keeper to another",
    "identity_actor": "finds who is signed in, before there is a scope",
    "identity_roles": "finds what the account may do, before there is a scope",
    "identity_session_actor": "finds who is signed in, before there is a scope",
    "khue_audit_partitions": "makes tables; takes a number of months",
    "khue_audit_seal": "may mark rows as sealed and nothing else; takes a number of rows",
    "khue_diploma_follows": "a trigger at the commit: looks for one line of a register, whatever the scope is by then",
    "khue_entry_balances": "a trigger at the commit: sums one entry, whatever the scope is by then",
    "khue_receipt_follows": "a trigger at the commit: looks for one receipt, whatever the scope is by then",
    "registry_copy_name": "a trigger: keeps the copied name of a person",
    "registry_keep_words": "a trigger: keeps the words of names, which nobody may read",
    "registry_members_named": "an indexed search; takes the scope of the transaction into account itself, tried below",
    "registry_spread_name": "a trigger: keeps the copied name of a person",
}

# table: why an own row may be given to another school
GIVEN_AWAY = {"registry_person": "whoever belongs here may be changed here; the file moves with a transfer"}

# table: values that a generated row needs to satisfy the table's own checks; A_ROW: the key of a row it may refer to
A_ROW = object()
NEEDED: dict[str, dict[str, object]] = {
    "assessment_question": {"grade": 6},
    "attendance_leaverequest": {"first_day": "2026-01-05", "last_day": "2026-01-06"},
    "exchange_schoolquality": {"records": 3, "faultless": 1, "warnings": 1, "errors": 1},
    "indicators_askedround": {"schools": 3, "sent": 1},
    "exchange_vendorsheet": {"field_set": "school"},
    "gradebook_entrywindow": {"opens_on": "2026-01-05", "closes_on": "2026-01-06"},
    "gradebook_mark": {"tenths": 85},
    "gradebook_primaryassessment": {"moment": 1},
    "gradebook_receivedresult": {"mean_tenths": 80},
    "gradebook_remark": {"moment": 1},
    "identity_factorreset": {"decided_at": "2026-11-23T05:00:00Z"},
    "indicators_reportedcount": {"numerator": 1, "denominator": 2},
    "learning_lessonitem": {"assignment_id": A_ROW},
    "messaging_announcement": {"to_families": True},
    "messaging_consentsheet": {"purpose": ""},
    "messaging_delegation": {"first_on": "2026-01-05", "last_on": "2026-01-06"},
    "moves_move": {"side": "giving"},
    "payments_closing": {"cash": 0, "bank": 0, "on": "2020-01-01"},
    "procedures_case": {"finished_at": "2026-11-23T05:00:00Z", "finished_on": "2026-11-23"},
    "procedures_rating": {"score": 1},
    "procedures_slip": {"number": 1},
    "records_diploma": {"number": 1, "withdrawn_on": None, "withdrawn_reason": ""},
    "records_resultdocument": {"digest": "", "sealed_at": None, "pdf_id": None, "batch_id": None, "pages": None},
    "records_share": {"expires_at": "2126-01-01T00:00:00Z"},
    "records_signingkey": {"kind": "pkcs12", "sealed": b"x"},
    "records_signingbatch": {"role": "seal", "school_year_id": A_ROW},
    "records_yearsheet": {"version": 1},
    "schools_admissionplan": {"opens_at": "2026-01-01T00:00:00Z", "closes_at": "2026-02-01T00:00:00Z"},
    "timetable_bell": {"starts_at": "07:00", "ends_at": "07:45"},
    "timetable_draftlesson": {"weekday": 1, "period": 1, "session": "am"},
    "timetable_slot": {"weekday": 1, "period": 1},
    "workspace_staffleave": {"first_day": "2026-01-05", "last_day": "2026-01-06"},
}

_numbers = count(1)


def rows(statement: str, *parameters: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else [(cursor.rowcount,)]


def tables_with_an_organisation() -> list[str]:
    found = rows("""
        SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
          AND a.attname = 'organisation_id' AND NOT a.attisdropped ORDER BY 1""")
    return [name for (name,) in found]


@contextmanager
def tried(scope: str | None) -> Iterator[None]:
    """A savepoint in a scope, undone afterwards; None is a connection that has never entered one."""
    with transaction.atomic():
        rows("RESET khue.scope") if scope is None else rows("SELECT set_config('khue.scope', %s, true)", scope)
        yield
        transaction.set_rollback(True)


def value_for(column: str, kind: str, length: int | None) -> object:
    number = next(_numbers)
    if kind in ("smallint", "integer", "bigint"):
        return number
    if kind == "numeric":
        return 1
    if kind in ("text", "character varying"):
        return f"x{number}"[: length or 20]
    if kind == "boolean":
        return False
    if kind == "date":
        return f"2{'1' if column.startswith(('end', 'valid_to')) else '0'}26-01-{number % 28 + 1:02}"
    if kind.startswith("timestamp"):
        return f"2{'1' if column.startswith(('end', 'close')) else '0'}26-01-01T00:00:{number % 60:02}Z"
    return {"jsonb": "{}", "bytea": str(number).encode(), "ARRAY": "{}", "inet": "127.0.0.1", "interval": "1 hour",
            "uuid": f"00000000-0000-7000-8000-{number:012}", "time without time zone": "07:00"}[kind]  # fmt: skip


def generate(table: str, organisation_id: int) -> None:
    """The smallest row of the table that the database accepts."""
    required = rows(
        "SELECT column_name, data_type, character_maximum_length FROM information_schema.columns"
        " WHERE table_name = %s AND table_schema = 'public' AND is_nullable = 'NO' AND column_default IS NULL"
        " AND is_identity = 'NO' AND is_generated = 'NEVER'",
        table,
    )
    made = {name: value_for(name, kind, length) for name, kind, length in required}
    needed = NEEDED.get(table, {})
    referring = made.keys() | {name for name, value in needed.items() if value is A_ROW}
    made |= {name: found for name in referring if (found := referred(table, name, organisation_id)) is not None}
    made |= {name: value for name, value in needed.items() if value is not A_ROW}
    made["organisation_id"] = organisation_id
    insert(table, made)


def referred(table: str, column: str, organisation_id: int) -> object:
    """The key of a row that this column may refer to, of the same organisation if rows there have one."""
    target = rows(
        "SELECT c.confrelid::regclass::text, f.attname, EXISTS (SELECT 1 FROM pg_attribute o"
        " WHERE o.attrelid = c.confrelid AND o.attname = 'organisation_id')"
        " FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND c.conkey = ARRAY[a.attnum]"
        " JOIN pg_attribute f ON f.attrelid = c.confrelid AND c.confkey = ARRAY[f.attnum]"
        " WHERE c.contype = 'f' AND c.conrelid = %s::regclass AND a.attname = %s",
        table,
        column,
    )
    if not target or column == "organisation_id":
        return None
    name, key, has_organisation = target[0]
    if has_organisation and not rows(f"SELECT 1 FROM {name} WHERE organisation_id = %s LIMIT 1", organisation_id):
        generate(name, organisation_id)
    place = "organisation_id = %s" if has_organisation else "%s > 0"
    found = rows(f"SELECT {key} FROM {name} WHERE {place} LIMIT 1", organisation_id)
    return found[0][0] if found else None


def insert(table: str, made: dict[str, object]) -> None:
    columns = ", ".join(f'"{name}"' for name in made)
    rows(f"INSERT INTO {table} ({columns}) VALUES ({', '.join(['%s'] * len(made))})", *made.values())


def outcome(statement: str, *parameters: object) -> int | str:
    """How many rows it returned or touched, or the SQLSTATE of the error."""
    try:
        with transaction.atomic():
            return int(rows(statement, *parameters)[0][0])
    except Exception as error:
        return str(getattr(error.__cause__, "sqlstate", error))


def problems_of(table: str, here: int, elsewhere: int) -> Iterator[str]:
    for place in (here, elsewhere):
        if not rows(f"SELECT 1 FROM {table} WHERE organisation_id = %s LIMIT 1", place):
            try:
                with transaction.atomic():
                    generate(table, place)
            except Exception as error:
                yield f"no row could be generated: {error}".strip()
                return
    seen = f"SELECT count(*) FROM {table} WHERE organisation_id = %s"
    with tried(str(here)):
        if outcome(seen, here) == 0:
            yield "a school does not see its own row"
    for scope in (str(here), "", None):
        with tried(scope):
            if table not in READABLE_ELSEWHERE and outcome(seen, elsewhere) != 0:
                yield f"another school's row is read in the scope {scope!r}"
            added = outcome(f"INSERT INTO {table} (organisation_id) VALUES (%s)", elsewhere)
            if table not in ADDED_FROM_ANYWHERE and added != "42501":
                yield f"a row is added to another school in the scope {scope!r}"
        # Without a WHERE, for then the policy for reading does not stand in the way of the one that is tried.
        for statement in (f"UPDATE {table} SET organisation_id = {here}", f"DELETE FROM {table}"):
            if not spares(table, elsewhere, scope, statement):
                yield f"another school's row is reached by {statement!r} in the scope {scope!r}"
    with tried(str(here)):
        given = outcome(f"UPDATE {table} SET organisation_id = %s WHERE organisation_id = %s", elsewhere, here)
        if table not in GIVEN_AWAY and given not in (0, "42501"):
            yield "an own row is given to another school"


def spares(table: str, elsewhere: int, scope: str | None, statement: str) -> bool:
    """Whether the other school has its rows after the statement; where the scope is empty, whether it found none."""
    rows_elsewhere = f"SELECT count(*) FROM {table} WHERE organisation_id = %s"
    before = outcome(rows_elsewhere, elsewhere)
    with tried(scope):
        touched = outcome(statement)
        rows("SELECT set_config('khue.scope', '*', true)")
        after = outcome(rows_elsewhere, elsewhere)
    return before == after and (bool(scope) or touched in (0, "42501"))


def test_no_scope_reaches_another_schools_rows_in_any_table(world: World) -> None:
    here, elsewhere = world.here.organisation.id, world.elsewhere.organisation.id
    found: dict[str, list[str]] = {}
    with tried("*"):
        for table in tables_with_an_organisation():
            if problems := list(problems_of(table, here, elsewhere)):
                found[table] = problems

    assert not found, "\n".join(f"{table}: {'; '.join(problems)}" for table, problems in found.items())


def test_every_table_with_an_organisation_has_its_four_policies() -> None:
    found = {}
    for table in tables_with_an_organisation():
        (enabled,) = rows("SELECT relrowsecurity FROM pg_class WHERE oid = %s::regclass", table)[0]
        commands = {c for (c,) in rows("SELECT polcmd FROM pg_policy WHERE polrelid = %s::regclass", table)}
        if not enabled or commands != {"r", "a", "w", "d"}:
            found[table] = (enabled, commands)

    assert found == {}


def test_a_partition_is_not_a_way_around_the_policies_of_its_table() -> None:
    open_ones = rows("""
        SELECT relname FROM pg_class WHERE relispartition AND relkind IN ('r', 'p') AND (
            has_table_privilege('khue_app', oid, 'SELECT, INSERT, UPDATE, DELETE')
            AND NOT relrowsecurity)""")

    assert open_ones == []


def test_a_table_without_an_organisation_says_why_it_needs_no_policy() -> None:
    silent = rows("""
        SELECT c.relname FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
          AND NOT c.relrowsecurity AND c.relname !~ '^(procrastinate|django|auth)_' AND NOT EXISTS (
            SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'organisation_id')
        ORDER BY 1""")

    assert {name for (name,) in silent} == set(HOLDS_NO_SCHOOLS_DATA)


def test_the_application_owns_nothing_and_bypasses_nothing() -> None:
    assert rows("SELECT current_user") == [("khue_app",)]
    assert rows(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
    ) == [(False, False, False, False)]
    assert rows("SELECT relname FROM pg_class WHERE pg_get_userbyid(relowner) = 'khue_app'") == []
    assert rows("SELECT proname FROM pg_proc WHERE pg_get_userbyid(proowner) = 'khue_app'") == []
    assert rows("SELECT pg_has_role('khue_app', 'khue_owner', 'MEMBER')") == [(False,)]
    assert rows("SELECT has_schema_privilege('khue_app', 'public', 'CREATE')") == [(False,)]


def test_only_known_functions_run_with_the_owners_rights() -> None:
    found = rows("SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace ORDER BY 1")

    assert [name for (name,) in found] == sorted(OWNERS_FUNCTIONS)


def test_what_is_checked_at_the_commit_is_checked_whatever_the_scope_is_by_then() -> None:
    """An action enters a scope for itself; at the commit the policies would hide from a check what it has to see."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT f.proname, f.prosecdef FROM pg_trigger t JOIN pg_proc f ON f.oid = t.tgfoid"
            " WHERE t.tgdeferrable AND NOT t.tgisinternal ORDER BY 1"
        )
        found = dict(cursor.fetchall())

    assert found == {"khue_diploma_follows": True, "khue_entry_balances": True, "khue_receipt_follows": True}


def test_the_search_for_names_keeps_to_the_scope_whatever_it_is_asked_for(world: World) -> None:
    here, elsewhere = world.here.organisation.id, world.elsewhere.organisation.id
    asked = "'{nguyen}', '{pupil}', %s::bigint[], '2026-11-23', NULL, NULL, 100"
    search = f"SELECT count(*) FROM registry_members_named({asked})"

    for scope in (str(here), "", None):
        with tried(scope):
            assert outcome(search, [elsewhere]) == 0
            assert outcome(search, None) == outcome(search, [here]) == (3 if scope else 0)


def test_a_connection_that_entered_no_scope_sees_nothing() -> None:
    with psycopg.connect(addresses.url_of(settings.DATABASES["default"])) as fresh:
        assert fresh.execute("SELECT khue_scope_is_all(), khue_scope()").fetchone() == (False, [])
