"""What many cases write when the same task of all of them is done at once: see writing, of which this is the plural."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.db import connection

from khue.foundation.ids import uuid7s
from khue.foundation.postgres.engine.base import DatabaseWrapper
from khue.procedures import numbering
from khue.procedures.models import Case
from khue.procedures.writing import Opened, Paper, StepDone, json_of

# A series gives as many numbers as it has papers here, in their order, and its row is locked until all are written.
_DONE = """
WITH given AS (
    SELECT * FROM unnest(%(step)s::bigint[], %(case)s::bigint[], %(filled)s::text[], %(state)s::int[],
        %(status)s::int[], %(data)s::text[], %(subject)s::bigint[], %(ends)s::text[], %(reason)s::text[],
        %(finished_at)s::timestamptz[], %(finished_on)s::date[], %(kind)s::text[], %(series)s::text[],
        %(content)s::text[], %(slip_id)s::uuid[]) WITH ORDINALITY AS g(step, case_id, filled, state, status, data,
        subject, ends, reason, finished_at, finished_on, kind, series, content, slip_id, place)
), done AS (
    UPDATE procedures_step AS s SET data = g.filled::jsonb, done_at = %(at)s, done_by_id = %(by)s,
        done_by_name = %(name)s
    FROM given AS g WHERE s.id = g.step AND s.done_at IS NULL RETURNING s.case_id
), moved AS (
    UPDATE procedures_case AS c SET state = g.state, status = g.status, data = g.data::jsonb, subject_id = g.subject,
        ends = g.ends, reason = g.reason, finished_at = g.finished_at, finished_on = g.finished_on
    FROM given AS g JOIN done USING (case_id) WHERE c.id = g.case_id
), opened AS (
    INSERT INTO procedures_step (public_id, organisation_id, case_id, task, title, role, data, opened_at, done_by_name)
    SELECT o.public_id, o.office, o.case_id, o.task, o.title, o.role, '{}', %(at)s, ''
    FROM unnest(%(step_ids)s::uuid[], %(offices)s::bigint[], %(cases)s::bigint[], %(tasks)s::text[],
        %(titles)s::text[], %(roles)s::text[]) AS o(public_id, office, case_id, task, title, role)
    JOIN done USING (case_id)
), numbers AS (
    INSERT INTO procedures_counter AS c (organisation_id, series, last)
    SELECT %(organisation)s, g.series, count(*) FROM given AS g JOIN done USING (case_id) WHERE g.series <> ''
    GROUP BY g.series ORDER BY g.series
    ON CONFLICT (organisation_id, series) DO UPDATE SET last = c.last + excluded.last RETURNING series, last
), slips AS (
    INSERT INTO procedures_slip (public_id, organisation_id, case_id, kind, year, number, content, issued_at)
    SELECT g.slip_id, %(organisation)s, g.case_id, g.kind, %(year)s,
        n.last - row_number() OVER (PARTITION BY g.series ORDER BY g.place DESC) + 1, g.content::jsonb, %(at)s
    FROM given AS g JOIN done USING (case_id) JOIN numbers AS n USING (series)
    RETURNING id, case_id
)
SELECT case_id, slips.id FROM done LEFT JOIN slips USING (case_id)
"""


@dataclass(frozen=True, slots=True)
class Moved:
    """One case of many: the step that was done, where the case came to, what begins there or the paper of its end."""

    step_id: int
    filled: dict[str, Any]
    case: Case
    opened: Sequence[Opened]
    paper: Paper | None


def do_steps(organisation_id: int, moved: Sequence[Moved], done: StepDone) -> dict[int, int | None]:
    """Write all of them, papers numbered in their order. By case, of those whose step was still open: the paper's id.

    done  by whom and when; its step and what was filled in are each one's own
    """
    cases = [each.case for each in moved]
    papers = [each.paper for each in moved]
    begun = [(each.case.id, opened) for each in moved for opened in each.opened]
    values = {
        "organisation": organisation_id, "at": done.at, "by": done.account_id, "name": done.name,
        "year": numbering.year_of(done.at),
        "step": [each.step_id for each in moved], "filled": [json_of(each.filled) for each in moved],
        "kind": [str(paper.kind) if paper else "" for paper in papers],
        "series": [numbering.series_of(paper.kind, done.at) if paper else "" for paper in papers],
        "content": [json_of(paper.content) if paper else "{}" for paper in papers], "slip_id": uuid7s(len(moved)),
        **_ends_of(cases),
        "step_ids": uuid7s(len(begun)), "cases": [case_id for case_id, _opened in begun],
        "offices": [opened.organisation_id for _case, opened in begun],
        "tasks": [opened.task for _case, opened in begun], "titles": [opened.title for _case, opened in begun],
        "roles": [opened.role for _case, opened in begun],
    }  # fmt: skip
    cursor = cast(DatabaseWrapper, connection).kept_cursor()
    cursor.execute(_DONE, values)
    return dict(cursor.fetchall())


def _ends_of(cases: Sequence[Case]) -> dict[str, list[Any]]:
    return {
        "case": [case.id for case in cases], "state": [case.state for case in cases],
        "status": [int(case.status) for case in cases], "data": [json_of(case.data) for case in cases],
        "subject": [case.subject_id for case in cases], "ends": [case.ends for case in cases],
        "reason": [case.reason for case in cases], "finished_at": [case.finished_at for case in cases],
        "finished_on": [case.finished_on for case in cases],
    }  # fmt: skip
