"""Published versions as the actions need them, read once a process: a published one never changes."""

from dataclasses import dataclass
from datetime import time
from functools import lru_cache
from uuid import UUID

from khue.procedures import sheets
from khue.procedures.models import Definition
from khue.procedures.sheets import Sheet
from khue.procedures.step_map import StepMap


@dataclass(frozen=True, slots=True)
class Version:
    """What a case is worked by. names: of the tasks, by their ids."""

    key: str
    title: str
    sheet: Sheet
    map: StepMap
    names: dict[str, str]
    working_days: int
    days_elsewhere: int | None
    received_until: time


@lru_cache(maxsize=1000)
def version(public_id: UUID) -> Version:
    """The version a case keeps. One query the first time.

    public_id  not the key: a test's database counts its keys anew, no two rows share an identifier
    """
    row = Definition.objects.select_related("procedure").defer("bpmn").get(public_id=public_id)
    return made(row)


def made(row: Definition) -> Version:
    """The version in a row that comes with its procedure."""
    return Version(
        key=row.procedure.key,
        title=row.procedure.title,
        sheet=sheets.read(row.sheet),
        map=StepMap(row.steps),
        names=row.steps["names"],
        working_days=row.working_days,
        days_elsewhere=row.days_elsewhere,
        received_until=row.received_until,
    )
