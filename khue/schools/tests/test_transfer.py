"""School transfer from end to end, and the other procedures schools receive."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction

from khue.foundation import scope
from khue.foundation.actor import ANONYMOUS, SYSTEM, Actor
from khue.foundation.models import AuditRow, OutboxEvent
from khue.identity.models import Grant
from khue.payments.models import Invoice
from khue.payments.tests.books import office
from khue.procedures import actions, queries, sheets
from khue.procedures.attaching import Sent
from khue.procedures.extensions import CaseFacts
from khue.procedures.models import Case, Definition, Procedure, Slip, Step
from khue.registry.models import Affiliation, Guardianship, Organisation, Person
from khue.schools.dossiers.transfer import ClassNotChosen, PupilNotHere, classes_to_join
from khue.schools.models import Enrolment, SchoolClass
from tests.world import NOON, TODAY, World, actor, organisation

pytestmark = pytest.mark.django_db


def definition(key: str) -> Definition:
    return queries.open_definition(Procedure.objects.get(organisation=None, key=key).public_id, TODAY)


def asks(world: World, by: Actor = ANONYMOUS, **more: object) -> Case:
    """The mother of the first pupil here asks the school elsewhere."""
    filing = actions.Filing(
        **{
            "definition": definition("transfer"), "organisation": world.elsewhere.organisation,
            "partner": world.here.organisation, "applicant_name": "Mẹ", "subject_name": "nguyễn văn a",
            "born_on": date(2015, 3, 2), "phone": "0901", "given": {"why": "Chuyển nhà"}, **more,
        }
    )  # fmt: skip
    with scope.of(by):
        return actions.file_case(actor=by, filing=filing, at=NOON)


def does(case: Case, task: str, by: Actor, **given: object) -> Case:
    with scope.of(by):
        step = Step.objects.select_related("case").get(case=case, task=task, done_at=None)
        return actions.do_step(actor=by, step=step, given=given, at=NOON)


def accepted(world: World, **more: object) -> Case:
    case = asks(world, **more)
    joins = str(world.elsewhere.school_class.id)
    does(case, "review", actor(world.elsewhere.head), decision="accept", school_class=joins)
    return case


def test_a_pupil_moves_with_file_and_guardians_and_is_in_one_class(world: World) -> None:
    pupil, old = world.here.enrolments[0].person, world.here.enrolments[0]
    case = accepted(world)
    assert case.due_on == date(2026, 12, 1)
    assert Step.objects.get(done_at=None).organisation_id == world.here.organisation.id

    done = does(case, "release", actor(world.here.clerk), pupil=str(pupil.id))

    old.refresh_from_db()
    pupil.refresh_from_db()
    assert (old.ends_on, old.status) == (TODAY, "transferred")
    new = Enrolment.objects.get(person=pupil, ends_on=None)
    assert (new.school_class_id, new.starts_on) == (world.elsewhere.school_class.id, TODAY)
    assert pupil.organisation_id == world.elsewhere.organisation.id
    assert Guardianship.objects.get(child=pupil).organisation_id == world.elsewhere.organisation.id
    belongs = Affiliation.objects.filter(person=pupil, valid_to=None).values_list("organisation_id", flat=True)
    assert list(belongs) == [world.elsewhere.organisation.id]
    assert (done.ends, done.subject_id) == ("granted", pupil.id)
    assert [s.kind for s in Slip.objects.order_by("id")] == ["receipt", "result"]
    told = OutboxEvent.objects.get(name="schools.transfer_released")
    assert told.payload["left_enrolment_id"] == old.id
    assert told.organisation_id == world.elsewhere.organisation.id


def test_a_family_chooses_among_schools_of_the_childs_levels(world: World, client_of) -> None:
    for school, codes in ((world.here, "03"), (world.elsewhere, "03,04")):
        Organisation.objects.filter(id=school.organisation.id).update(level_groups=codes)
    for name, codes in (("Tiểu học Mỹ An", "02"), ("Trường chưa ghi cấp", "")):
        made = organisation("school", name, world.department)
        Organisation.objects.filter(id=made.id).update(level_groups=codes)
    place = f"/procedures/{definition('transfer').procedure.public_id}/file/"

    shown = client_of(world.here.guardians[0]).get(f"{place}?subject={world.here.enrolments[0].person.public_id}")
    text = shown.content.decode()

    assert str(world.elsewhere.organisation.public_id) in text
    assert "Trường chưa ghi cấp" in text
    assert "Tiểu học Mỹ An" not in text
    assert "Tiểu học Mỹ An" in client_of(world.here.guardians[0]).get(f"{place}?subject=none").content.decode()


@pytest.mark.parametrize(
    ("found", "wrote", "offered"),
    [
        (True, "", ["6A"]),
        (False, "7A2", ["7A2", "7A10"]),
        (False, "Lớp 6/3", ["6A"]),
        (False, "12C", None),
        (False, "", None),
    ],
)
def test_the_school_chooses_among_classes_of_the_pupils_grade(
    world: World, found: bool, wrote: str, offered: list[str] | None
) -> None:
    there = world.elsewhere
    for name in ("7A10", "7A2"):
        SchoolClass.objects.create(organisation=there.organisation, school_year=there.year, grade=7, name=name)
    subject = world.here.enrolments[0].person_id if found else None
    facts = CaseFacts(
        1, "transfer", "c", there.organisation.id, world.here.organisation.id, subject, "A", TODAY, NOON, is_over=False,
        data={"school_class_now": wrote},
    )  # fmt: skip

    shown = [label.partition(" (")[0] for _key, label in classes_to_join(SYSTEM, facts, there.organisation.id)]

    assert shown == (offered or ["6A", "7A2", "7A10"])


def test_families_keep_their_accounts_at_the_new_school(world: World) -> None:
    does(accepted(world), "release", actor(world.here.clerk), pupil=str(world.here.enrolments[0].person_id))

    for account in (world.here.pupils[0], world.here.guardians[0]):
        places = set(Grant.objects.filter(account=account).values_list("organisation_id", flat=True))
        assert places == {world.here.organisation.id, world.elsewhere.organisation.id}
    assert not Grant.objects.filter(account=world.here.guardians[1], organisation=world.elsewhere.organisation).exists()
    with scope.of(actor(world.elsewhere.head)):
        assert Person.objects.filter(id=world.here.enrolments[0].person_id).exists()


def test_the_trail_names_the_offices_reached_beyond(world: World) -> None:
    does(accepted(world), "release", actor(world.here.clerk), pupil=str(world.here.enrolments[0].person_id))

    rows = {row.verb: row for row in AuditRow.objects.filter(verb__in=["case.filed", "pupil.transferred"])}
    assert rows["case.filed"].details["beyond"] == sorted([world.here.organisation.id, world.elsewhere.organisation.id])
    assert rows["pupil.transferred"].account_id == world.here.clerk.id
    last = AuditRow.objects.filter(verb="case.step_done").order_by("-id").first()
    assert last.details["beyond"] == [world.elsewhere.organisation.id]


def test_unpaid_fees_never_block_a_transfer(world: World) -> None:
    here = office(world.here)
    here.bill(here.children[0])
    Invoice.objects.update(issued_on=TODAY - timedelta(days=90), due_on=TODAY - timedelta(days=60))

    done = does(accepted(world), "release", actor(world.here.clerk), pupil=str(world.here.enrolments[0].person_id))

    assert done.ends == "granted"
    assert (
        Enrolment.objects.get(person=here.children[0], ends_on=None).organisation_id == world.elsewhere.organisation.id
    )
    assert Invoice.objects.get().paid == 0


def test_a_pupil_is_never_in_two_schools_at_once(world: World) -> None:
    pupil = world.here.enrolments[0].person

    with pytest.raises(IntegrityError), transaction.atomic():
        Enrolment.objects.create(
            organisation=world.elsewhere.organisation, person=pupil, school_class=world.elsewhere.school_class,
            starts_on=TODAY,
        )  # fmt: skip


def test_nobody_is_released_whom_the_case_is_not_about(world: World) -> None:
    case = accepted(world)
    other = world.here.enrolments[1].person
    Person.objects.filter(id=other.id).update(birth_day=9)

    for pupil in (str(other.id), str(world.elsewhere.enrolments[0].person_id), "0", "x"):
        with pytest.raises(PupilNotHere):
            does(case, "release", actor(world.here.clerk), pupil=pupil)

    assert not Enrolment.objects.exclude(ends_on=None).exists()
    assert Step.objects.filter(done_at=None).count() == 1


def test_accepting_needs_a_class_of_the_own_school(world: World) -> None:
    case = asks(world)

    for chosen in ("", str(world.here.school_class.id)):
        with pytest.raises(ClassNotChosen):
            does(case, "review", actor(world.elsewhere.head), decision="accept", school_class=chosen)

    assert Step.objects.get().done_at is None


def test_a_refusal_moves_nobody(world: World) -> None:
    done = does(asks(world), "review", actor(world.elsewhere.head), decision="refuse", reason="Hết chỗ ở khối 6")

    assert (done.ends, Slip.objects.get(kind="refusal").content["reason"]) == ("refused", "Hết chỗ ở khối 6")
    assert not Enrolment.objects.exclude(ends_on=None).exists()


def test_whose_file_it_is_is_found_but_not_told(world: World) -> None:
    assert asks(world).subject_id == world.here.enrolments[0].person_id
    assert asks(world, subject_name="Không Có Ai").subject_id is None
    assert asks(world, born_on=date(2014, 1, 1)).subject_id is None


def test_between_two_provinces_eight_days(world: World) -> None:
    other = organisation("department", "Sở GD&ĐT An Giang", world.ministry)
    far: Organisation = world.elsewhere.organisation
    far.parent, far.lineage = other, f"{other.lineage}{far.id}."
    far.save()

    assert asks(world).due_on == date(2026, 12, 4)


def test_a_pupil_who_left_comes_back(world: World) -> None:
    enrolment = world.here.enrolments[0]
    Enrolment.objects.filter(id=enrolment.id).update(ends_on=date(2026, 10, 1), status="left")
    filing = actions.Filing(
        definition=definition("readmission"), organisation=world.here.organisation, applicant_name="Mẹ",
        subject_name="Nguyễn Văn A", born_on=date(2015, 3, 2), phone="09",
        given={"why": "Khỏi bệnh", "left_year": "2026"},
    )  # fmt: skip
    with scope.of(ANONYMOUS):
        case = actions.file_case(actor=ANONYMOUS, filing=filing, at=NOON)
    does(case, "review", actor(world.here.clerk), decision="accept")
    chosen = {"pupil": str(enrolment.person_id), "school_class": str(world.here.school_class.id)}

    done = does(case, "enrol", actor(world.here.head), **chosen)

    assert done.subject_id == enrolment.person_id
    assert Enrolment.objects.get(person=enrolment.person, ends_on=None).starts_on == TODAY


#: A line of a register on paper, as an officer copies it.
BOOK = {
    "book_number": "17/2011", "book_title": "Bằng tốt nghiệp THPT", "book_serial": "A 99",
    "book_issued_on": "2011-07-15",
}  # fmt: skip


def papers_of(kept: Definition) -> dict[str, list[Sent]]:
    """A photograph for each paper that must come."""
    asked = sheets.read(kept.sheet).filing.papers
    return {
        each.name: [Sent("ảnh.png", stream=BytesIO(b"\x89PNG\r\n\x1a\n" + bytes(99)))]
        for each in asked
        if each.required
    }


@pytest.mark.parametrize(
    ("key", "given", "due"),
    [
        ("study-confirmation", {"why": "Vay vốn"}, date(2026, 11, 26)),
        ("fee-support", {"group": "poor"}, date(2026, 12, 8)),
        ("diploma-copy", {"diploma": "upper", "year": "2020", "asker": "owner"}, TODAY),
        ("diploma-correction",
         {"diploma": "upper", "number": "B1", "wrong": "Nam", "right": "Nữ", "proof": "QĐ 1"}, date(2026, 12, 1)),
    ],
)  # fmt: skip
def test_every_shipped_procedure_runs_to_its_result(world: World, key: str, given: dict[str, str], due: date) -> None:
    kept = definition(key)
    at_school = kept.procedure.office == "school"
    place = world.here.organisation if at_school else world.department
    filing = actions.Filing(
        definition=kept, organisation=place, applicant_name="Mẹ", subject_name="Nguyễn Văn A",
        born_on=date(2015, 3, 2), phone="09", given=given, papers=papers_of(kept),
    )  # fmt: skip
    with scope.of(ANONYMOUS):
        case = actions.file_case(actor=ANONYMOUS, filing=filing, at=NOON)
    assert case.due_on == due

    while case.finished_on is None:
        step = Step.objects.get(case=case, done_at=None)
        doer = {"head": world.here.head, "clerk": world.here.clerk}.get(step.role, world.department_officer)
        answers = {"decision": "accept", **(BOOK if key.startswith("diploma") else {})} if step.task == "review" else {}
        case = does(case, step.task, actor(doer), **answers)

    assert case.ends == "granted"
    assert kept.steps["picture"]["shapes"]


def test_bringing_shipped_procedures_again_writes_nothing(db: None) -> None:
    assert actions.load_shipped(actor=SYSTEM, at=NOON) == 0
