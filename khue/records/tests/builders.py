"""A class whose year is complete, and keys of the people who sign."""

from datetime import timedelta

from khue.gradebook import actions as gradebook
from khue.gradebook.tests.test_years import GOOD_YEAR, JUNE, class_with_subjects, conduct, results
from khue.records import actions
from khue.records.models import YearSheet
from khue.records.tests.authority import PASSWORD
from khue.registry.models import Person
from tests.world import actor

LATER = JUNE + timedelta(hours=1)


def complete_year(at) -> None:
    """Everybody of class 6A has results, conduct and a file that says enough; the head approved the meeting."""
    class_with_subjects(at)
    for number, pupil in enumerate(at.enrolments):
        results(at, pupil, GOOD_YEAR)
        conduct(at, pupil)
        Person.objects.filter(id=pupil.person_id).update(sex="1", moet_code=f"79{pupil.person_id:08}"[:10])
        del number
    settle(at)


def settle(at) -> None:
    gradebook.recompute_years(actor=actor(at.head), school_year=at.year, at=JUNE)
    held = gradebook.record_meeting(
        actor=actor(at.teacher), school_class=at.school_class, held_on=JUNE.date(), minutes="Đủ", at=JUNE
    )
    gradebook.approve_meeting(actor=actor(at.head), meeting=held, at=JUNE)


def confirmed(at) -> list[YearSheet]:
    """Sheets of the class, made, compared, confirmed."""
    actions.prepare_class(actor=actor(at.teacher), school_class=at.school_class, at=JUNE)
    actions.compare_class(actor=actor(at.teacher), school_class=at.school_class, at=JUNE)
    actions.confirm_class(actor=actor(at.head), school_class=at.school_class, at=JUNE)
    return list(YearSheet.objects.filter(school_class=at.school_class, is_latest=True).order_by("id"))


def key_file(at, ca, account, name: str, *, is_seal: bool = False, when):
    """A PKCS#12 key of an account, or the seal of the school."""
    return actions.add_key_file(
        actor=actor(account), organisation=at.organisation, is_seal=is_seal, title="", file=ca.pkcs12(ca.person(name)),
        password=PASSWORD, at=when,
    )  # fmt: skip
