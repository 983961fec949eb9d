"""Whoever filed an application becomes the guardian of the child that got a seat: typed once, and not again."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from khue.foundation.actor import Actor
from khue.foundation.text import fold
from khue.procedures.models import Case
from khue.registry import actions as registry
from khue.registry import queries as people
from khue.registry.models import Organisation, Person
from khue.registry.queries import PersonDetails


@dataclass
class Families:
    """Adults of a school while classes are filled. known: by name and phone, so that twins have one mother."""

    actor: Actor
    school: Organisation
    on: date
    known: dict[tuple[str, str], Person] = field(default_factory=dict)

    def appoint(self, case: Case, child: Person) -> None:
        """Appoint who the dossier names, unless the child has guardians already. Some five statements an adult."""
        if case.subject_id is not None:  # whoever filed it was the guardian, or the file says who is
            return
        for name, phone, relationship in adults_of(case):
            adult = self._adult(case, name, phone)
            registry.appoint_guardian(
                actor=self.actor, child=child, guardian=adult, relationship=relationship, on=self.on
            )

    def _adult(self, case: Case, name: str, phone: str) -> Person:
        if case.applicant is not None and fold(case.applicant.full_name) == fold(name):
            return case.applicant
        key = (fold(name), phone)
        if key not in self.known:
            self.known[key] = self._found(name, phone) or registry.record_person(
                actor=self.actor, organisation=self.school, kind="guardian",
                details=PersonDetails(full_name=name, phone=phone), on=self.on,
            )  # fmt: skip
        return self.known[key]

    def _found(self, name: str, phone: str) -> Person | None:
        """Who is a guardian at the school already, as of a brother: the same name and the same phone."""
        if not phone:
            return None
        rows = people.visible_people(self.actor).filter(organisation=self.school, phone=phone)
        return next((row for row in rows.order_by("id")[:20] if fold(row.full_name) == fold(name)), None)


def adults_of(case: Case) -> Iterator[tuple[str, str, str]]:
    """(name, phone, relationship) of who filed it and of the second guardian it names."""
    said = case.data
    yield case.applicant_name, "".join(case.phone.split()), str(said.get("relation") or "other")
    if second := str(said.get("second_name") or "").strip():
        yield second, "".join(str(said.get("second_phone") or "").split()), str(said.get("second_relation") or "other")
