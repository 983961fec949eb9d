from datetime import date, timedelta
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khue.foundation import files, uploads
from khue.foundation.errors import Forbidden, NotFound
from khue.foundation.models import AuditRow, StoredFile
from khue.identity.models import Grant
from khue.messaging import actions, conversations_work, queries
from khue.messaging.actions import (
    AlreadyAway,
    AlreadyDecided,
    DaysOutOfOrder,
    FileUsed,
    NoReasonGiven,
    NotAColleague,
    PolicyInThePast,
)
from khue.messaging.models import (
    Attachment,
    Conversation,
    ConversationPolicy,
    Delegation,
    Delivery,
    Line,
    Message,
    Report,
)
from khue.messaging.queries import Policy
from khue.messaging.retention import kept_from
from khue.messaging.tests.talks import begin, decide, write
from tests.world import NOON, TODAY, World, account, actor, staff

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


def report(line: Line, by: object, reason: str = "Lời lẽ xúc phạm") -> Report:
    return actions.report_line(actor=actor(by), line=line, reason=reason, at=NOON)


def stored(by: object, conversation: Conversation, name: str = "giấy khám.png") -> StoredFile:
    return files.store(
        actor=actor(by), stream=BytesIO(PNG + name.encode()), name=name, purpose=queries.LINE_FILE,
        organisation_id=conversation.organisation_id, at=NOON,
    )  # fmt: skip


def test_the_office_reads_what_was_reported_with_its_surroundings_and_nothing_else(world: World) -> None:
    here = world.here
    conversation = begin(here)
    lines = [write(conversation, here.teacher, f"Tin {number}") for number in range(10)]
    head = actor(here.head)
    assert list(queries.visible_reports(head)) == []

    made = report(lines[5], here.guardians[0])

    assert report(lines[5], here.guardians[0]) == made
    [found] = queries.visible_reports(head)
    read = queries.around(found)
    assert [each.words.text for each in read] == [f"Tin {number}" for number in range(2, 9)]
    assert [each.is_reported for each in read] == [False, False, False, True, False, False, False]
    with pytest.raises(NotFound):
        queries.conversation_of(head, conversation.public_id)
    for stranger in (world.elsewhere.head, here.teacher, here.guardians[1], world.department_officer):
        assert list(queries.visible_reports(actor(stranger))) == []
        with pytest.raises((NotFound, Forbidden)):
            actions.decide_report(actor=actor(stranger), report=found, hides=True, reason="x", at=NOON)
    assert Line.objects.filter(hidden_at=None).count() == 10
    actions.open_report(actor=head, report=found)
    assert AuditRow.objects.filter(verb="report.opened", account_id=here.head.id).count() == 1


def test_only_members_report_and_they_say_why(world: World) -> None:
    here = world.here
    line = write(begin(here), here.teacher)
    for stranger in (here.guardians[1], world.elsewhere.teacher, here.head):
        with pytest.raises(NotFound):
            report(line, stranger)
    with pytest.raises(NoReasonGiven):
        report(line, here.guardians[0], "  ")
    assert not Report.objects.exists()


def test_a_hidden_line_is_shown_to_nobody_and_says_why(world: World) -> None:
    here = world.here
    conversation = begin(here)
    file = stored(here.guardians[0], conversation)
    line = write(conversation, here.guardians[0], "Lời khó nghe", files=[file])
    assert queries.may_read_file(actor(here.teacher), file)
    found = report(line, here.teacher)
    assert queries.may_read_file(actor(here.head), file)

    actions.decide_report(actor=actor(here.head), report=found, hides=True, reason="Xúc phạm thầy cô", at=NOON)

    for member in (here.teacher, here.guardians[0]):
        [said] = queries.said(actor(member), conversation, list(queries.lines_of(conversation)))
        assert (said.words, list(said.files), said.line.hidden_reason) == (None, [], "Xúc phạm thầy cô")
        assert not queries.may_read_file(actor(member), file)
    with pytest.raises(AlreadyDecided):
        actions.decide_report(actor=actor(here.clerk), report=found, hides=False, reason="Thôi", at=NOON)
    assert queries.found_in(conversation, "kho nghe") == []
    assert AuditRow.objects.get(verb="report.decided").details["reason"] == "Xúc phạm thầy cô"


def test_nobody_decides_about_the_own_line(world: World) -> None:
    here = world.here
    line = write(begin(here), here.teacher)
    found = report(line, here.guardians[0])
    Grant.objects.create(account=here.teacher, role="clerk", organisation=here.organisation, valid_from=TODAY)

    with pytest.raises(NotFound):
        actions.decide_report(actor=actor(here.teacher), report=found, hides=False, reason="Không sao", at=NOON)
    assert Report.objects.get().decision == "open"


def test_files_are_for_members_alone_and_for_one_line(world: World) -> None:
    here = world.here
    conversation, other = begin(here), begin(here, 1)
    file = stored(here.teacher, conversation)
    write(conversation, here.teacher, "", files=[file])

    assert queries.may_read_file(actor(here.guardians[0]), file)
    for stranger in (here.guardians[1], here.head, here.pupils[0], world.elsewhere.teacher):
        assert not queries.may_read_file(actor(stranger), file)
    with pytest.raises(FileUsed):
        write(other, here.teacher, "Gửi nhầm", files=[file])
    assert Attachment.objects.count() == 1


def test_a_second_sending_leaves_no_second_file(world: World) -> None:
    conversation = begin(world.here)
    line = write(conversation, world.here.teacher, "Ảnh", files=[stored(world.here.teacher, conversation)])

    again = write(
        conversation, world.here.teacher, "Ảnh", key=line.key, files=[stored(world.here.teacher, conversation)]
    )  # fmt: skip

    assert again == line
    assert StoredFile.objects.filter(purpose=queries.LINE_FILE).count() == 1


def colleague(world: World) -> object:
    made = staff("Vũ Minh Đức", world.here.organisation, "teacher")
    return account(made.person, "subject_teacher", world.here.organisation)


def delegate(world: World, to: object, first: date = TODAY, last: date = TODAY, by: object = None) -> Delegation:
    return actions.delegate(
        actor=actor(by or world.here.teacher), organisation_id=world.here.organisation.id,
        teacher_id=world.here.teacher.person_id, substitute_id=to.person_id, first_on=first, last_on=last, at=NOON,
    )  # fmt: skip


def test_whoever_stands_in_reads_answers_and_is_rung_until_the_last_day(world: World, monkeypatch: object) -> None:
    here = world.here
    conversation = begin(here)
    write(conversation, here.guardians[0], "Cũ")
    actions.read_conversation(
        actor=actor(here.teacher), conversation=conversation, up_to=Line.objects.get().id, at=NOON
    )
    substitute = colleague(world)
    assert list(queries.listed_conversations(actor(substitute))) == []
    monkeypatch.setattr("khue.foundation.clock.today", lambda: TODAY)

    made = delegate(world, substitute)
    write(conversation, here.guardians[0], "Cô ơi")

    [card] = queries.cards_of(actor(substitute), list(queries.listed_conversations(actor(substitute))))
    assert (card.unread, card.is_staff) == (1, True)
    rung = Message.objects.filter(kind="conversation").order_by("id").last()
    assert set(Delivery.objects.filter(message=rung, channel="app").values_list("recipient_id", flat=True)) == {
        substitute.person_id
    }
    write(conversation, substitute, "Tôi trả lời thay cô Hoa")
    [answer, *_] = queries.said(actor(here.guardians[0]), conversation, list(queries.lines_of(conversation)))
    assert (answer.is_stand_in, answer.line.author.full_name) == (True, "Vũ Minh Đức")
    assert queries.substitute_of(conversation, TODAY).substitute.full_name == "Vũ Minh Đức"

    actions.end_delegation(actor=actor(here.clerk), delegation=made, at=NOON)
    with pytest.raises(NotFound):
        queries.conversation_of(actor(substitute), conversation.public_id)
    with pytest.raises(NotFound):
        write(conversation, substitute)


def test_who_may_delegate_to_whom_and_when(world: World, monkeypatch: object) -> None:
    here, substitute = world.here, colleague(world)
    for by in (here.guardians[0], world.elsewhere.teacher, substitute):
        with pytest.raises(Forbidden):
            delegate(world, substitute, by=by)
    with pytest.raises(NotAColleague):
        delegate(world, here.guardians[0])
    with pytest.raises(NotAColleague):
        delegate(world, here.teacher)
    with pytest.raises(DaysOutOfOrder):
        delegate(world, substitute, TODAY, TODAY - timedelta(days=1))
    assert not Delegation.objects.exists()

    delegate(world, substitute, TODAY, TODAY + timedelta(days=3))
    with pytest.raises(AlreadyAway):
        delegate(world, here.head, TODAY + timedelta(days=3), TODAY + timedelta(days=9))
    delegate(world, here.head, TODAY + timedelta(days=4), TODAY + timedelta(days=9))
    assert Delegation.objects.count() == 2


def test_the_office_decides_from_a_day_on(world: World) -> None:
    place = world.here.organisation.id
    given = Policy(pupils_may_write=True, retention_months=24)
    for by in (world.here.teacher, world.here.guardians[0], world.elsewhere.head, world.department_officer):
        with pytest.raises(Forbidden):
            actions.set_policy(actor=actor(by), organisation_id=place, policy=given, valid_from=TODAY, at=NOON)
    head = actor(world.here.head)
    with pytest.raises(PolicyInThePast):
        actions.set_policy(
            actor=head, organisation_id=place, policy=given, valid_from=TODAY - timedelta(days=1), at=NOON
        )
    assert not ConversationPolicy.objects.exists()

    actions.set_policy(actor=head, organisation_id=place, policy=given, valid_from=TODAY + timedelta(days=2), at=NOON)
    assert queries.policy_of(place, TODAY) == Policy()
    assert queries.policy_of(place, TODAY + timedelta(days=2)) == given


@given(st.dates(date(2020, 1, 1), date(2080, 12, 31)), st.integers(1, 600))
def test_what_is_kept_begins_so_many_months_before_today(today: date, months: int) -> None:
    first = kept_from(today, months)

    assert (today.year - first.year) * 12 + today.month - first.month == months
    assert first.day == today.day or (first.day < today.day and (first + timedelta(days=1)).day == 1)


def test_what_is_too_old_goes_with_its_files_and_what_is_reported_stays(world: World, monkeypatch: object) -> None:
    here = world.here
    conversation, quiet, young = begin(here), begin(here, 1), begin(here, 2)
    file = stored(here.teacher, conversation)
    gone = write(conversation, here.teacher, "Cũ", files=[file])
    kept = write(conversation, here.teacher, "Cũ và bị báo")
    found = report(kept, here.guardians[0])
    write(quiet, here.teacher, "Cũ nữa")
    elsewhere = write(begin(world.elsewhere), world.elsewhere.teacher, "Trường khác")
    Line.objects.update(sent_at=NOON - timedelta(days=400))
    Conversation.objects.update(last_at=NOON - timedelta(days=400))
    new = write(young, here.teacher, "Mới")
    monkeypatch.setattr("khue.foundation.clock.now", lambda: NOON)
    conversations_work.forget_old()
    assert Line.objects.count() == 5

    decide(world, retention_months=12)
    conversations_work.forget_old()

    assert set(Line.objects.values_list("id", flat=True)) == {kept.id, new.id, elsewhere.id}
    assert not StoredFile.objects.filter(id=file.id).exists()
    assert not Conversation.objects.filter(id=quiet.id).exists()
    assert not Message.objects.filter(key__startswith=f"conversation:{quiet.id}:").exists()
    assert Conversation.objects.get(id=conversation.id).last_line_id == kept.id
    told = AuditRow.objects.get(verb="lines.forgotten").details
    assert (told["lines"], told["files"], told["conversations"]) == (2, 1, 1)
    assert gone.id not in Attachment.objects.values_list("line_id", flat=True)
    assert uploads.collect_garbage(NOON + timedelta(days=3)) >= 0

    actions.decide_report(actor=actor(here.head), report=found, hides=False, reason="Không có gì", at=NOON)
    conversations_work.forget_old()
    assert set(Line.objects.values_list("id", flat=True)) == {new.id, elsewhere.id}
    with pytest.raises(Forbidden):
        actions.forget_lines(
            actor=actor(here.head), organisation_id=here.organisation.id, before=NOON + timedelta(days=9), most=10
        )
    assert Line.objects.count() == 2
