"""Which school year a page is about."""

from uuid import UUID

from khue.foundation.clock import today
from khue.foundation.request import Request
from khue.schools import queries
from khue.schools.access import Permission
from khue.schools.models import SchoolYear


def chosen_year(request: Request, permission: Permission) -> tuple[SchoolYear | None, list[SchoolYear]]:
    """The year that `?year=` names, else the present one of the actor's first school; and all that can be chosen.

    None before the school has any year. A year that may not be seen raises NotFound.
    """
    years = queries.working_years(request.actor, permission)
    asked = request.GET.get("year", "")
    if asked:
        chosen = next((year for year in years if str(year.public_id) == asked), None)
        return chosen or queries.year_of(request.actor, _uuid(asked)), years
    if not years:
        return None, years
    first = [year for year in years if year.organisation_id == years[0].organisation_id]
    begun = [year for year in first if year.starts_on <= today()]
    return (begun or first)[0], years


def year_choices(years: list[SchoolYear]) -> list[tuple[str, str]]:
    """Values and labels of a select; the school is named where there are several."""
    several = len({year.organisation_id for year in years}) > 1
    return [
        (str(year.public_id), f"{year.code} · {year.organisation.name}" if several else year.code) for year in years
    ]


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
