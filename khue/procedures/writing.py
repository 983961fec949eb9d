"""What every case writes, in as few statements as there are moments: when it is filed, and when a step is done.

Django would write each row by a statement of its own and put it into words anew; on the first hour of an admission
that is most of what filing costs. docs/decisions/0195
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.db import connection

from khue.foundation.ids import uuid7, uuid7s
from khue.foundation.postgres.engine.base import DatabaseWrapper
from khue.procedures import numbering
from khue.procedures.models import Case, Slip

_FILED = """
WITH numbers AS (
    INSERT INTO procedures_counter AS c (organisation_id, series, last)
    SELECT %(organisation)s, series, 1 FROM unnest(%(series)s::text[]) AS series
    ON CONFLICT (organisation_id, series) DO UPDATE SET last = c.last + 1 RETURNING series, last
), made AS (
    INSERT INTO procedures_case (public_id, organisation_id, partner_id, definition_id, code, applicant_id,
        applicant_name, phone, email, subject_id, subject_name, born_on, channel, data, state, status, filed_at,
        received_on, due_on, ends, reason, key)
    SELECT %(public_id)s, %(organisation)s, %(partner)s, %(definition)s,
        %(prefix)s || lpad(last::text, greatest(4, length(last::text)), '0'), %(applicant)s, %(applicant_name)s,
        %(phone)s, %(email)s, %(subject)s, %(subject_name)s, %(born_on)s, %(channel)s, %(data)s, %(state)s, %(status)s,
        %(at)s, %(received_on)s, %(due_on)s, '', '', %(key)s
    FROM numbers WHERE series = %(dossiers)s
    RETURNING id, code
), opened AS (
    INSERT INTO procedures_step (public_id, organisation_id, case_id, task, title, role, data, opened_at, done_by_name)
    SELECT s.public_id, s.organisation, made.id, s.task, s.title, s.role, '{}', %(at)s, ''
    FROM made, ROWS FROM (unnest(%(step_ids)s::uuid[]), unnest(%(offices)s::bigint[]), unnest(%(tasks)s::text[]),
        unnest(%(titles)s::text[]), unnest(%(roles)s::text[])) AS s(public_id, organisation, task, title, role)
), receipt AS (
    INSERT INTO procedures_slip (public_id, organisation_id, case_id, kind, year, number, content, issued_at)
    SELECT %(slip_id)s, %(organisation)s, made.id, 'receipt', %(year)s, last, %(content)s, %(at)s
    FROM made, numbers WHERE series = %(receipts)s
)
SELECT id, code FROM made
"""
# All of it only where the step was still open: two who do it at once wait for each other here.
_DONE = """
WITH done AS (
    UPDATE procedures_step SET data = %(filled)s, done_at = %(at)s, done_by_id = %(by)s, done_by_name = %(name)s
    WHERE id = %(step)s AND done_at IS NULL RETURNING case_id
), moved AS (
    UPDATE procedures_case AS c SET state = %(state)s, status = %(status)s, data = %(data)s, subject_id = %(subject)s,
        ends = %(ends)s, reason = %(reason)s, finished_at = %(finished_at)s, finished_on = %(finished_on)s
    FROM done WHERE c.id = done.case_id
), opened AS (
    INSERT INTO procedures_step (public_id, organisation_id, case_id, task, title, role, data, opened_at, done_by_name)
    SELECT s.public_id, s.organisation, done.case_id, s.task, s.title, s.role, '{}', %(at)s, ''
    FROM done, ROWS FROM (unnest(%(step_ids)s::uuid[]), unnest(%(offices)s::bigint[]), unnest(%(tasks)s::text[]),
        unnest(%(titles)s::text[]), unnest(%(roles)s::text[])) AS s(public_id, organisation, task, title, role)
), numbers AS (
    INSERT INTO procedures_counter AS c (organisation_id, series, last)
    SELECT %(organisation)s, series, 1 FROM done, unnest(%(series)s::text[]) AS series
    ON CONFLICT (organisation_id, series) DO UPDATE SET last = c.last + 1 RETURNING last
), slip AS (
    INSERT INTO procedures_slip (public_id, organisation_id, case_id, kind, year, number, content, issued_at)
    SELECT %(slip_id)s, %(organisation)s, done.case_id, %(kind)s, %(year)s, last, %(content)s, %(at)s
    FROM done, numbers RETURNING id
)
SELECT (SELECT id FROM slip) FROM done
"""


@dataclass(frozen=True, slots=True)
class Opened:
    """A task that begins. organisation_id: where it is to be done."""

    organisation_id: int
    task: str
    title: str
    role: str


@dataclass(frozen=True, slots=True)
class StepDone:
    """A task that was done: what was filled in, and by whom."""

    step_id: int
    filled: Mapping[str, Any]
    account_id: int | None
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Paper:
    """What an ended case is given in writing. content: see Slip."""

    kind: Slip.Kind
    content: Mapping[str, str]


def file(case: Case, office_code: str, opened: Sequence[Opened], receipt: Mapping[str, str]) -> None:
    """Write a new case with its first steps and its receipt, each with the next number. It has id and code then.

    Whoever comes second to a number waits until this transaction ends: so none is left out.
    receipt  what stands on it
    """
    dossiers, receipts = numbering.dossiers_of(case.filed_at), numbering.series_of(Slip.Kind.RECEIPT, case.filed_at)
    values = {
        "public_id": case.public_id, "organisation": case.organisation_id, "partner": case.partner_id,
        "definition": case.definition_id, "prefix": f"{office_code}-{dossiers}-", "applicant": case.applicant_id,
        "applicant_name": case.applicant_name, "phone": case.phone, "email": case.email, "subject": case.subject_id,
        "subject_name": case.subject_name, "born_on": case.born_on, "channel": str(case.channel),
        "data": json_of(case.data), "state": case.state, "status": int(case.status), "at": case.filed_at,
        "received_on": case.received_on, "due_on": case.due_on, "key": case.key, "slip_id": uuid7(),
        "year": numbering.year_of(case.filed_at), "content": json_of(receipt), "dossiers": dossiers,
        "receipts": receipts, "series": sorted([dossiers, receipts]),
    }  # fmt: skip
    cursor = _cursor()
    cursor.execute(_FILED, {**values, **_columns(opened)})
    case.id, case.code = cursor.fetchone()
    case._state.adding, case._state.db = False, connection.alias


def do_step(done: StepDone, case: Case, opened: Sequence[Opened], paper: Paper | None) -> tuple[bool, int | None]:
    """Say of a step that it is done, and where its case came to: steps that begin there, or the paper of its end.

    Whether the step was still open, else nothing is written; and the id of the paper, which has the next number.
    """
    values = {
        "step": done.step_id, "filled": json_of(done.filled), "by": done.account_id, "name": done.name, "at": done.at,
        "state": case.state, "status": int(case.status), "data": json_of(case.data), "subject": case.subject_id,
        "ends": case.ends, "reason": case.reason, "finished_at": case.finished_at, "finished_on": case.finished_on,
        "organisation": case.organisation_id, "series": [numbering.series_of(paper.kind, done.at)] if paper else [],
        "slip_id": uuid7(), "kind": str(paper.kind) if paper else "", "year": numbering.year_of(done.at),
        "content": json_of(paper.content) if paper else "{}",
    }  # fmt: skip
    cursor = _cursor()
    cursor.execute(_DONE, {**values, **_columns(opened)})
    row = cursor.fetchone()
    return (False, None) if row is None else (True, row[0])


def _columns(opened: Sequence[Opened]) -> dict[str, list[Any]]:
    return {
        "step_ids": uuid7s(len(opened)),
        "offices": [each.organisation_id for each in opened],
        "tasks": [each.task for each in opened],
        "titles": [each.title for each in opened],
        "roles": [each.role for each in opened],
    }


def json_of(value: Mapping[str, Any]) -> str:
    """As a column of JSON takes it."""
    return json.dumps(value, ensure_ascii=False)


def _cursor() -> Any:
    return cast(DatabaseWrapper, connection).kept_cursor()
