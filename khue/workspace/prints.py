"""The registers of documents on paper, filled for the worker that prints them."""

from datetime import date

from khue.foundation.actor import Actor
from khue.foundation.errors import NotFound
from khue.foundation.prints import Arguments, Sheet
from khue.registry import queries as registry
from khue.workspace import queries
from khue.workspace.access import Permission

REGISTER = "workspace.print_register"
TITLES = {"in": "Sổ đăng ký văn bản đến", "out": "Sổ đăng ký văn bản đi"}


def register(actor: Actor, arguments: Arguments) -> Sheet:
    """The register of a year on A4 landscape, to be bound."""
    places = registry.working_places(actor, Permission.REGISTER_WRITE)
    office = next((each for each in places if each.id == arguments["office"]), None)
    if office is None:
        raise NotFound
    way, year = str(arguments["way"]), int(arguments["year"])
    book = queries.register_paper(actor, office.id, way, date(year, 1, 1), date(year, 12, 31))
    shown = {
        "superior": queries.superior_of(office),
        "issuer": office.name,
        "title": TITLES[way],
        "span": f"Năm {year}",
        "columns": book.columns,
        "lines": book.lines,
    }
    return Sheet("workspace/register_paper.html", shown, f"so-van-ban-{way}-{year}", len(book.lines))
