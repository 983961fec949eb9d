"""Procedures about diplomas: the officer finds the line in the register, and a correction is noted beside it."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from khue.foundation.actor import Actor
from khue.procedures.extensions import CaseFacts, Done
from khue.records import actions, queries
from khue.records.models import Diploma
from khue.records.refusals import LineNotChosen

DATA = Path(__file__).parent / "data" / "dossiers"
KEYS = ("diploma-copy", "diploma-correction")
#: Under which name what was found in the register joins the data of the case.
LINE = "register_line"
_BOOK = ("book_number", "book_title", "book_serial", "book_issued_on")


def lines_offered(actor: Actor, facts: CaseFacts, _place: int) -> Sequence[tuple[str, str]]:
    """Lines of the registers that the applicant may mean."""
    return [
        (str(row.id), f"{row.number}/{row.year} · {row.serial} · {row.name} · {row.title} · {row.organisation.name}")
        for row in _offered(actor, facts)
    ]


def find(actor: Actor, facts: CaseFacts, _on: date, _at: datetime) -> Done | None:
    """To accept is to say which line of the register it is; of a book on paper the officer copies the line.

    refuses  LineNotChosen
    """
    if facts.data.get("decision") != "accept":
        return None
    if facts.data.get("line"):
        row = _chosen(actor, facts)
        return Done(subject_id=row.person_id, data={LINE: _told(row)})
    book = [str(facts.data.get(name, "")).strip() for name in _BOOK]
    if not all(book):
        raise LineNotChosen
    number, title, serial, issued_on = book
    return Done(
        data={
            LINE: {
                "name": facts.subject_name, "birth": f"{facts.born_on:%d/%m/%Y}", "title": title, "serial": serial,
                "number": number, "issued_on": f"{date.fromisoformat(issued_on):%d/%m/%Y}", "issuer": "",
            }
        }
    )  # fmt: skip


def correct(actor: Actor, facts: CaseFacts, on: date, at: datetime) -> None:
    """Note the decision beside its line. A line on paper is noted there, and the decision says its number."""
    if not facts.data.get("line"):
        return
    given = actions.Correction(
        wrong=str(facts.data.get("wrong", "")), right=str(facts.data.get("right", "")), decision=facts.code,
        ground=str(facts.data.get("proof", "")),
    )  # fmt: skip
    actions.note_correction(actor=actor, diploma=_chosen(actor, facts), given=given, on=on, at=at)


def _offered(actor: Actor, facts: CaseFacts) -> list[Diploma]:
    return queries.lines_like(actor, facts.subject_name, facts.born_on, str(facts.data.get("number", "")))


def _chosen(actor: Actor, facts: CaseFacts) -> Diploma:
    chosen = next((row for row in _offered(actor, facts) if str(row.id) == str(facts.data.get("line", ""))), None)
    if chosen is None:
        raise LineNotChosen
    return chosen


def _told(row: Diploma) -> dict[str, str]:
    return {
        "name": row.name, "birth": "/".join(reversed(row.birth.split("-"))), "title": row.title, "serial": row.serial,
        "number": f"{row.number}/{row.year}", "issued_on": f"{row.issued_on:%d/%m/%Y}",
        "issuer": row.organisation.name,
        "notes": "; ".join(
            f"{each.wrong} → {each.right} ({each.decision}, {each.decided_on:%d/%m/%Y})"
            for each in queries.corrections_of(row)
        ),
    }  # fmt: skip
