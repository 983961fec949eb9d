"""A class whose year is complete, and keys of the people who sign."""

from dataclasses import dataclass
from datetime import timedelta

from khue.foundation import clock, work
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


@dataclass
class Hands:
    """The three keys that a sheet needs."""

    homeroom: object
    head: object
    seal: object


def keys_of(at, ca) -> Hands:
    """A key file each."""
    now = clock.now()
    return Hands(
        key_file(at, ca, at.teacher, "Lê Thị Hoa", when=now),
        key_file(at, ca, at.head, "Trần Văn Bình", when=now),
        key_file(at, ca, at.clerk, "Trường THCS Mỹ An", is_seal=True, when=now),
    )


def signed(at, account, role, key, *, whole_year=False, secret=PASSWORD):
    """One batch, run to its end; the job as it is then."""
    batch = actions.begin_batch(
        actor=actor(account), school_year=at.year, school_class=None if whole_year else at.school_class, role=role,
        key=key, secret=secret, at=clock.now(),
    )  # fmt: skip
    return work.run_now(batch.job)


def sealed_year(at, hands) -> list[YearSheet]:
    """Everything signed and sealed."""
    confirmed(at)
    for account, role, key, whole in (
        (at.teacher, "homeroom", hands.homeroom, False), (at.head, "head", hands.head, True),
        (at.clerk, "seal", hands.seal, True),
    ):  # fmt: skip
        job = signed(at, account, role, key, whole_year=whole)
        assert (job.state, job.done_count) == ("done", len(at.enrolments)), job.summary or job.last_error
    return list(YearSheet.objects.filter(school_class=at.school_class).order_by("id"))
