"""A dossier's way: filed, worked on, supplemented, decided, followed, rated."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from khue.foundation import events, scope
from khue.foundation.actor import ANONYMOUS, SYSTEM, Actor
from khue.foundation.errors import Forbidden
from khue.foundation.models import AuditRow
from khue.messaging.models import Message
from khue.procedures import actions, queries, refusals, tasks
from khue.procedures.filling import FieldsWrong
from khue.procedures.models import Case, Definition, Rating, Slip, Step, Supplement
from khue.procedures.tests.drawn import REVIEW, SHEET, published
from tests.world import NOON, TODAY, World, actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def definition(world: World) -> Definition:
    return published(world.here.organisation)


def filed(world: World, definition: Definition, by: Actor = ANONYMOUS, at: datetime = NOON, **more: object) -> Case:
    filing = actions.Filing(
        **{
            "definition": definition, "organisation": world.here.organisation, "applicant_name": "Nguyễn Thị Mẹ",
            "subject_name": "Nguyễn Văn Con", "born_on": date(2015, 3, 2), "phone": "0901234567",
            "given": {"why": "Gia đình chuyển về quê"}, **more,
        }
    )  # fmt: skip
    with scope.of(by):
        return actions.file_case(actor=by, filing=filing, at=at)


def step(case: Case, task: str) -> Step:
    return Step.objects.get(case=case, task=task, done_at=None)


def test_anybody_files_a_case_and_holds_a_receipt_with_the_day(world: World, definition: Definition) -> None:
    case = filed(world, definition)

    # Monday 23 November; the 24th is a day off, so five working days end on 1 December.
    assert (case.received_on, case.due_on) == (TODAY, date(2026, 12, 1))
    assert case.code == f"{world.here.organisation.code}-261123-0001"
    slip = Slip.objects.get()
    assert (slip.kind, slip.number, slip.content["due_on"]) == ("receipt", 1, "01/12/2026")
    assert [s.task for s in Step.objects.filter(case=case)] == ["review"]
    row = AuditRow.objects.get(verb="case.filed")
    assert row.details["beyond"] == [world.here.organisation.id]
    assert filed(world, definition).code.endswith("-0002")


def test_what_the_file_holds_is_not_asked_and_not_believed_from_the_form(world: World, definition: Definition) -> None:
    mother = actor(world.here.guardians[0])
    child = world.here.enrolments[0].person
    child.address = "Ấp 3, xã Mỹ An"
    child.save()

    case = filed(world, definition, mother, subject=child, subject_name="Ai Đó",
                 given={"why": "x", "address": "Nơi khác"})  # fmt: skip

    assert (case.subject_name, case.data["address"]) == (child.full_name, "Ấp 3, xã Mỹ An")
    assert case.applicant_id == mother.person_id


def test_nobody_names_the_file_of_a_child_of_others(world: World, definition: Definition) -> None:
    for who in (ANONYMOUS, actor(world.here.guardians[1])):
        with pytest.raises(Forbidden):
            filed(world, definition, who, subject=world.here.enrolments[0].person)

    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"given": {}}, FieldsWrong),
        ({"given": {"why": 5}}, FieldsWrong),
        ({"phone": " "}, refusals.ContactMissing),
        ({"channel": Case.Channel.DESK}, Forbidden),
    ],
)
def test_what_cannot_be_filed_leaves_nothing(world: World, definition: Definition, more, error) -> None:
    with pytest.raises(error):
        filed(world, definition, **more)

    assert not Case.objects.exists()
    assert not Slip.objects.exists()


def test_a_case_is_granted_step_by_step_by_who_holds_the_role(world: World, definition: Definition) -> None:
    case = filed(world, definition)
    clerk, head = actor(world.here.clerk), actor(world.here.head)

    actions.do_step(actor=clerk, step=step(case, "review"), given={"decision": "accept"}, at=NOON)
    with pytest.raises(Forbidden):
        actions.do_step(actor=clerk, step=step(case, "sign"), given={}, at=NOON)
    with pytest.raises(Forbidden):
        actions.do_step(actor=actor(world.elsewhere.head), step=step(case, "sign"), given={}, at=NOON)
    done = actions.do_step(actor=head, step=step(case, "sign"), given={}, at=NOON)

    assert (done.status, done.ends, done.finished_on) == (Case.Status.FINISHED, "granted", TODAY)
    assert [s.kind for s in Slip.objects.order_by("id")] == ["receipt", "result"]
    assert not Step.objects.filter(done_at=None).exists()


def test_a_refusal_says_why_or_is_none(world: World, definition: Definition) -> None:
    case = filed(world, definition)
    clerk = actor(world.here.clerk)

    with pytest.raises(refusals.ReasonMissing):
        actions.do_step(actor=clerk, step=step(case, "review"), given={"decision": "refuse"}, at=NOON)
    assert Step.objects.filter(done_at=None).count() == 1
    given = {"decision": "refuse", "reason": "Quá tuổi"}
    done = actions.do_step(actor=clerk, step=step(case, "review"), given=given, at=NOON)

    assert (done.ends, done.reason) == ("refused", "Quá tuổi")
    assert Slip.objects.get(kind="refusal").content["reason"] == "Quá tuổi"


def test_a_step_is_done_once(world: World, definition: Definition) -> None:
    case = filed(world, definition)
    clerk, review = actor(world.here.clerk), step(case, "review")
    actions.do_step(actor=clerk, step=review, given={"decision": "accept"}, at=NOON)

    with pytest.raises(refusals.StepIsDone):
        actions.do_step(actor=clerk, step=review, given={"decision": "accept"}, at=NOON)

    assert Step.objects.filter(case=case).count() == 2


def test_a_supplement_asked_before_the_deadline_counts_takes_none_of_its_days(
    world: World, definition: Definition
) -> None:
    sunday = datetime(2026, 9, 13, 3, tzinfo=UTC)
    case = filed(world, definition, at=sunday)
    assert (case.filed_on, case.received_on, case.due_on) == (date(2026, 9, 13), date(2026, 9, 14), date(2026, 9, 21))

    asked = actions.ask_supplement(actor=actor(world.here.clerk), case=case, wanted="Giấy khai sinh", at=sunday)
    answered = actions.answer_supplement(actor=ANONYMOUS, case=case, proof=case.code, answer="Đây ạ", at=sunday)

    assert (asked.days_left, answered.due_on) == (5, date(2026, 9, 21))


def test_a_supplement_is_asked_once_and_stops_the_clock(world: World, definition: Definition) -> None:
    friday = datetime(2026, 9, 11, 8, tzinfo=UTC)  # 15:00 in Vietnam
    case = filed(world, definition, at=friday)
    assert case.due_on == date(2026, 9, 18)
    clerk = actor(world.here.clerk)
    tuesday = friday + timedelta(days=4)  # two working days used, three left

    actions.ask_supplement(actor=clerk, case=case, wanted="Bản tóm tắt kết quả học tập", at=tuesday)
    case.refresh_from_db()
    assert (case.status, case.due_on) == (Case.Status.SUPPLEMENT, None)
    with pytest.raises(refusals.CaseWaits):
        actions.do_step(actor=clerk, step=step(case, "review"), given={"decision": "accept"}, at=tuesday)
    with pytest.raises(refusals.AskedAlready):
        actions.ask_supplement(actor=clerk, case=case, wanted="Thêm nữa", at=tuesday)
    with pytest.raises(Forbidden):
        actions.answer_supplement(actor=ANONYMOUS, case=case, proof="sai", answer="Đây", at=tuesday)
    saturday = tuesday + timedelta(days=4)
    with scope.of(ANONYMOUS):
        actions.answer_supplement(actor=ANONYMOUS, case=case, proof=case.code, answer="Đây", at=saturday)

    case.refresh_from_db()
    # Returned on a Saturday, received on Monday 21 September; three days are left.
    assert (case.status, case.due_on) == (Case.Status.WORKED_ON, date(2026, 9, 24))
    assert Supplement.objects.get().days_left == 3
    assert Slip.objects.filter(kind="supplement").count() == 1


def test_an_office_apologises_once_with_a_new_day(world: World, definition: Definition) -> None:
    case = filed(world, definition, actor(world.here.guardians[0]), at=NOON - timedelta(days=20))
    clerk = actor(world.here.clerk)

    with pytest.raises(refusals.PromiseTooEarly):
        actions.apologise(actor=clerk, case=case, promised_on=TODAY, reason="", at=NOON)
    actions.apologise(actor=clerk, case=case, promised_on=date(2026, 11, 27), reason="Chờ bản sao", at=NOON)
    with pytest.raises(refusals.ApologisedAlready):
        actions.apologise(actor=clerk, case=case, promised_on=date(2026, 11, 30), reason="", at=NOON)

    assert Slip.objects.get(kind="apology").content["promised_on"] == "27/11/2026"
    events.deliver_now()
    told = Message.objects.get(key__startswith="procedures.apology")
    assert told.subject == f"Hồ sơ {case.code} trả kết quả chậm"
    assert "hẹn lại ngày 27/11/2026" in told.body
    case.refresh_from_db()
    assert case.due_on < case.promised_on


def test_an_apology_is_offered_a_day_and_the_desk_says_what_was_promised(
    world: World, definition: Definition, client_of, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("khue.procedures.views.cases.today", lambda: TODAY)
    monkeypatch.setattr("khue.procedures.views.cases.now", lambda: NOON)
    case = filed(world, definition, at=NOON - timedelta(days=20))
    clerk, address = client_of(world.here.clerk), f"/procedures/cases/{case.public_id}/"
    assert 'value="01/12/2026"' in clerk.get(address).content.decode()

    assert clerk.post(f"{address}apology/", {"promised_on": "01/12/2026", "reason": ""}).status_code == 303

    assert "hẹn lại 01/12/2026" in clerk.get("/procedures/desk/").content.decode()


def test_the_clock_apologises_where_the_office_forgot(world: World, definition: Definition, monkeypatch) -> None:
    monkeypatch.setattr("khue.foundation.clock.now", lambda: NOON)
    late = filed(world, definition, at=NOON - timedelta(days=20))
    filed(world, definition)

    assert tasks.apologise_for_late_cases() == 1
    assert tasks.apologise_for_late_cases() == 0

    late.refresh_from_db()
    assert late.promised_on == date(2026, 12, 1)
    assert Slip.objects.filter(kind="apology").count() == 1


def test_code_and_birth_date_open_a_case_and_nothing_else_does(world: World, definition: Definition) -> None:
    case = filed(world, definition)

    with scope.of(ANONYMOUS):
        found = actions.find_case(
            actor=ANONYMOUS, code=case.code.lower(), born_on=date(2015, 3, 2), address="10.0.0.1", at=NOON
        )
        assert found.id == case.id
        for code, born in ((case.code, date(2015, 3, 3)), ("T000-261123-0001", date(2015, 3, 2))):
            with pytest.raises(refusals.NoSuchCase):
                actions.find_case(actor=ANONYMOUS, code=code, born_on=born, address="10.0.0.1", at=NOON)


def test_guessing_birth_dates_is_stopped_for_the_code_and_for_the_address(world: World, definition: Definition) -> None:
    case = filed(world, definition)

    def guess(code: str, address: str, born: date = date(2014, 1, 1)) -> type[Exception] | None:
        with scope.of(ANONYMOUS):
            try:
                actions.find_case(actor=ANONYMOUS, code=code, born_on=born, address=address, at=NOON)
            except (refusals.NoSuchCase, refusals.TooManyTries) as refusal:
                return type(refusal)
        return None

    assert [guess(case.code, f"10.0.1.{n}") for n in range(7)] == [refusals.NoSuchCase] * 6 + [refusals.TooManyTries]
    assert guess(case.code, "10.0.2.1", date(2015, 3, 2)) is refusals.TooManyTries
    tried = [guess(f"X-{n}", "10.0.3.1") for n in range(61)]
    assert tried == [refusals.NoSuchCase] * 60 + [refusals.TooManyTries]


def test_a_finished_case_is_rated_once(world: World, definition: Definition) -> None:
    case = filed(world, definition)
    rate = {"actor": ANONYMOUS, "proof": case.code, "score": 2, "comment": "Cảm ơn", "at": NOON}
    with pytest.raises(refusals.NotFinished):
        actions.rate_case(case=case, **rate)
    given = {"decision": "refuse", "reason": "Quá tuổi"}
    done = actions.do_step(actor=actor(world.here.clerk), step=step(case, "review"), given=given, at=NOON)
    with scope.of(ANONYMOUS):
        actions.rate_case(case=done, **rate)
        with pytest.raises(refusals.RatedAlready):
            actions.rate_case(case=done, **rate)

    assert Rating.objects.get().score == 2


def test_figures_are_those_of_the_definition(world: World, definition: Definition) -> None:
    clerk = actor(world.here.clerk)
    given = {"decision": "refuse", "reason": "Quá tuổi"}
    for days_ago, finished in ((20, True), (2, True), (20, False), (0, False), (0, None)):
        case = filed(world, definition, at=NOON - timedelta(days=days_ago))
        if finished:
            actions.do_step(actor=clerk, step=step(case, "review"), given=given, at=NOON)
        elif finished is None:
            actions.withdraw_case(actor=ANONYMOUS, case=case, proof=case.code, at=NOON)

    seen = queries.figures(clerk, date(2026, 11, 1), date(2026, 11, 30), TODAY)

    assert (seen.finished, seen.in_time, seen.withdrawn) == (2, 1, 1)
    assert (seen.open_in_time, seen.overdue, seen.received, seen.online) == (1, 1, 5, 5)
    assert seen.in_time_ratio == 0.5
    assert seen.decided_online == 2
    Case.objects.filter(finished_on=TODAY, ends="refused").update(channel="desk")
    assert queries.figures(clerk, date(2026, 11, 1), date(2026, 11, 30), TODAY).decided_online == 0
    assert queries.figures(actor(world.elsewhere.clerk), date(2026, 11, 1), date(2026, 11, 30), TODAY).received == 0


def test_a_case_keeps_the_version_it_began_with(world: World, definition: Definition) -> None:
    case = filed(world, definition)
    bpmn = REVIEW.replace("Kí quyết định".encode(), "Kí giấy mới".encode())
    terms = actions.Terms(3, TODAY, "Quy chế mới")
    head = actor(world.here.head)
    newer = actions.draw_version(
        actor=head, procedure=definition.procedure, bpmn=bpmn, sheet=SHEET, terms=terms, at=NOON
    )
    actions.publish_version(actor=head, definition=newer, at=NOON)

    actions.do_step(actor=actor(world.here.clerk), step=step(case, "review"), given={"decision": "accept"}, at=NOON)
    assert step(case, "sign").title == "Kí quyết định"
    definition.refresh_from_db()
    with pytest.raises(refusals.NotOpen):
        filed(world, definition)
    other = filed(world, queries.open_definition(definition.procedure.public_id, TODAY))
    assert (other.definition.version, other.due_on) == (2, date(2026, 11, 27))
    with pytest.raises(IntegrityError), transaction.atomic():
        Definition.objects.filter(id=definition.id).update(bpmn="")


def test_the_database_lets_no_slip_leave_a_gap_or_change(world: World, definition: Definition) -> None:
    case = filed(world, definition)
    slip = Slip.objects.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        Slip.objects.create(
            organisation_id=case.organisation_id,
            case=case,
            kind="receipt",
            year=2026,
            number=3,
            content={},
            issued_at=NOON,
        )
    with pytest.raises(Exception, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE procedures_slip SET number = 9 WHERE id = %s", [slip.id])


def test_who_has_nothing_to_do_with_it_sees_no_case(world: World, definition: Definition) -> None:
    case = filed(world, definition, actor(world.here.guardians[0]))

    for who, sees in (
        (world.here.clerk, True), (world.here.guardians[0], True), (world.department_officer, True),
        (world.here.guardians[1], False), (world.here.teacher, False), (world.elsewhere.head, False),
    ):  # fmt: skip
        with scope.of(actor(who)):
            assert queries.visible_cases(actor(who)).filter(id=case.id).exists() is sees, who.user_name
    with scope.of(ANONYMOUS):
        assert not Case.objects.exists()
    assert SYSTEM.is_system
