"""Minutes: who was there, what was decided, and how it becomes tasks that nobody overlooks."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.test import Client

from khue.foundation.errors import Forbidden
from khue.identity.models import Account
from khue.messaging.models import Delivery
from khue.schools.models import StaffMember, SubjectGroup
from khue.workspace import actions, queries
from khue.workspace.actions import Decided, Minutes
from khue.workspace.models import Attendance, Decision, Meeting, Task
from khue.workspace.refusals import (
    DecisionIncomplete,
    DueInThePast,
    MayNotGive,
    MinutesAgreed,
    MinutesNotSubmitted,
    MinutesSubmitted,
    NobodyThere,
    NotOfTheStaff,
    ReasonMissing,
)
from khue.workspace.tests.test_documents import colleague_named
from tests.world import NOON, TODAY, School, World, actor

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Account], Client]
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def _at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


def minutes(at: School, **changes: object) -> Minutes:
    hoa, binh = colleague_named(at, "Lê Thị Hoa"), colleague_named(at, "Trần Văn Bình")
    given: dict[str, object] = {
        "title": "Họp giao ban tuần 12", "held_at": NOON, "chair": binh, "present": [hoa], "place": "Phòng họp",
        "proceedings": "Thảo luận kế hoạch ôn tập.",
        "decisions": [Decided("Nộp đề cương ôn tập", hoa, TOMORROW), Decided("Giữ nguyên lịch trực")],
    }  # fmt: skip
    return Minutes(**{**given, **changes})  # type: ignore[arg-type]  # built from names


def write(at: School, who: Account | None = None, *, hands_in: bool = True, **changes: object) -> Meeting:
    return actions.write_minutes(
        actor=actor(who or at.clerk), organisation_id=at.organisation.id, minutes=minutes(at, **changes), on=TODAY,
        at=NOON, hands_in=hands_in,
    )  # fmt: skip


def test_what_was_decided_becomes_tasks_when_the_minutes_are_agreed_to(world: World):
    here, meeting = world.here, write(world.here)
    assert not Task.objects.exists()

    count = actions.agree_to_minutes(actor=actor(here.head), meeting=meeting, at=NOON)

    task = Task.objects.get()
    assert (count, task.title, task.assignee, task.due_on) == (1, "Nộp đề cương ôn tập", here.teacher.person, TOMORROW)
    assert task.origin == "Biên bản “Họp giao ban tuần 12” ngày 23/11/2026"
    assert task.meeting == meeting
    assert [each.task for each in queries.decisions_of(meeting)] == [task, None]
    assert heard(here.teacher) == ["Biên bản đã thông qua: Họp giao ban tuần 12", "Nộp đề cương ôn tập"]
    assert heard(here.clerk) == ["Biên bản đã thông qua: Họp giao ban tuần 12"]
    assert heard(here.head) == ["Biên bản chờ thông qua: Họp giao ban tuần 12"]


def test_minutes_are_numbered_as_they_are_agreed_to_without_gaps(world: World):
    here = world.here
    first, second = write(here), write(here)
    with pytest.raises(Forbidden):
        actions.agree_to_minutes(actor=actor(here.clerk), meeting=first, at=NOON)
    actions.agree_to_minutes(actor=actor(here.head), meeting=second, at=NOON)
    with pytest.raises(MinutesAgreed):
        actions.agree_to_minutes(actor=actor(here.head), meeting=second, at=NOON)
    third = queries.meeting_of(actor(here.head), first.public_id)
    assert queries.minutes_layout(third, [], []).symbol == "Số: ……/BB-……"
    actions.agree_to_minutes(actor=actor(here.head), meeting=first, at=NOON)

    assert [Meeting.objects.get(id=each.id).symbol for each in (second, first)] == ["01/BB-THCSMA", "02/BB-THCSMA"]
    shown = queries.meeting_of(actor(here.head), first.public_id)
    assert queries.minutes_layout(shown, [], []).symbol == "Số: 02/BB-THCSMA"


def heard(account: Account) -> list[str]:
    told = Delivery.objects.filter(channel=Delivery.Channel.APPLICATION, recipient=account.person)
    return sorted(told.values_list("message__subject", flat=True))


def test_minutes_are_sent_back_with_a_word_and_handed_in_again(world: World):
    here, meeting = world.here, write(world.here, world.here.teacher)
    head, secretary = actor(here.head), actor(here.teacher)

    with pytest.raises(MinutesSubmitted):
        actions.submit_minutes(actor=secretary, meeting=meeting, at=NOON)
    with pytest.raises(ReasonMissing):
        actions.return_minutes(actor=head, meeting=meeting, note=" ", at=NOON)
    for nobody in (here.clerk, here.teacher):
        with pytest.raises(Forbidden):
            actions.return_minutes(actor=actor(nobody), meeting=meeting, note="Sai", at=NOON)
    assert Meeting.objects.get().state == "submitted"

    actions.return_minutes(actor=head, meeting=meeting, note="Thiếu ý kiến tổ Văn", at=NOON)
    back = Meeting.objects.get()
    assert (back.state, back.returned) == ("returned", "Thiếu ý kiến tổ Văn")
    assert heard(here.teacher) == ["Cần sửa lại biên bản: Họp giao ban tuần 12"]
    for act in (actions.agree_to_minutes, partial(actions.return_minutes, note="Nữa")):
        with pytest.raises(MinutesNotSubmitted):
            act(actor=head, meeting=meeting, at=NOON)

    actions.rewrite_minutes(
        actor=secretary, meeting=meeting, minutes=minutes(here, place="Hội trường"), on=TODAY, at=NOON, hands_in=True
    )
    assert Meeting.objects.get().state == "submitted"
    assert queries.waiting(head, TODAY).minutes == 1
    actions.agree_to_minutes(actor=head, meeting=meeting, at=NOON)
    assert (Meeting.objects.get().state, queries.waiting(head, TODAY).minutes) == ("agreed", 0)


def test_nobody_agrees_to_words_that_were_changed_after_they_were_read(world: World):
    here, meeting = world.here, write(world.here)

    actions.rewrite_minutes(actor=actor(here.clerk), meeting=meeting, minutes=minutes(here), on=TODAY, at=NOON)

    with pytest.raises(MinutesNotSubmitted):
        actions.agree_to_minutes(actor=actor(here.head), meeting=meeting, at=NOON)
    assert not Task.objects.exists()


def test_who_wrote_minutes_and_may_agree_to_them_needs_not_hand_them_in(world: World):
    here, meeting = world.here, write(world.here, world.here.head, hands_in=False)

    assert actions.agree_to_minutes(actor=actor(here.head), meeting=meeting, at=NOON) == 1


def test_agreed_minutes_change_no_more_and_give_no_task_twice(world: World):
    here, meeting = world.here, write(world.here)
    actions.agree_to_minutes(actor=actor(here.head), meeting=meeting, at=NOON)

    with pytest.raises(MinutesAgreed):
        actions.agree_to_minutes(actor=actor(here.head), meeting=meeting, at=NOON)
    with pytest.raises(MinutesAgreed):
        actions.rewrite_minutes(
            actor=actor(here.clerk), meeting=meeting, minutes=minutes(here, title="Khác"), on=TODAY, at=NOON
        )

    assert Task.objects.count() == 1
    assert Meeting.objects.get().title == "Họp giao ban tuần 12"


def test_a_draft_is_changed_whole(world: World):
    here, meeting = world.here, write(world.here)
    cuc = colleague_named(here, "Phạm Thu Cúc")

    actions.rewrite_minutes(
        actor=actor(here.clerk), meeting=meeting, minutes=minutes(here, present=[cuc], decisions=[]), on=TODAY, at=NOON
    )

    assert [each.full_name for each in queries.present_at(meeting)] == ["Trần Văn Bình", "Phạm Thu Cúc"]
    assert not Decision.objects.exists()


def test_minutes_that_say_too_little_are_refused_and_nothing_is_written(world: World):
    here = world.here
    hoa, stranger = colleague_named(here, "Lê Thị Hoa"), colleague_named(world.elsewhere, "Lê Thị Hoa")
    for refusal, changes in (
        (NobodyThere, {"present": []}),
        (DecisionIncomplete, {"decisions": [Decided("Việc", hoa)]}),
        (DecisionIncomplete, {"decisions": [Decided("Việc", None, TODAY)]}),
        (DueInThePast, {"decisions": [Decided("Việc", hoa, TODAY - timedelta(days=1))]}),
        (NotOfTheStaff, {"present": [stranger]}),
        (NotOfTheStaff, {"decisions": [Decided("Việc", stranger, TODAY)]}),
        (Forbidden, {"circle": "schools.subject_group:999"}),
    ):
        with pytest.raises(refusal):
            write(here, **changes)
    for nobody in (here.pupils[0], world.elsewhere.clerk):
        with pytest.raises(Forbidden):
            write(here, nobody)

    assert not Meeting.objects.exists()
    assert not Attendance.objects.exists()


def test_the_leader_of_a_group_agrees_for_its_members_and_for_nobody_else(world: World):
    here = world.here
    group = SubjectGroup.objects.create(organisation=here.organisation, name="Tổ Toán - Tin", leader=here.teacher_staff)
    StaffMember.objects.filter(id=here.teacher_staff.id).update(subject_group=group)
    circle = f"schools.subject_group:{group.id}"
    cuc = colleague_named(here, "Phạm Thu Cúc")
    own = write(here, here.teacher, circle=circle)
    others = write(here, here.teacher, circle=circle, decisions=[Decided("In đề", cuc, TOMORROW)])
    office = write(here, here.teacher)

    with pytest.raises(MayNotGive):
        actions.agree_to_minutes(actor=actor(here.teacher), meeting=others, at=NOON)
    with pytest.raises(Forbidden):
        actions.agree_to_minutes(actor=actor(here.teacher), meeting=office, at=NOON)
    with pytest.raises(Forbidden):
        actions.agree_to_minutes(actor=actor(here.clerk), meeting=own, at=NOON)
    assert not Task.objects.exists()

    actions.agree_to_minutes(actor=actor(here.teacher), meeting=own, at=NOON)
    assert Task.objects.get().meeting == own


def test_minutes_go_their_way_through_the_pages_and_late_tasks_show_at_home(world: World, client_of: ClientOf):
    here = world.here
    clerk, head, teacher = client_of(here.clerk), client_of(here.head), client_of(here.teacher)
    hoa, binh = (str(colleague_named(here, name).public_id) for name in ("Lê Thị Hoa", "Trần Văn Bình"))
    fields = {
        "title": "Họp hội đồng", "circle": "", "on": "23/11/2026", "starts": "08:00", "ends": "09:30", "place": "P1",
        "chair": binh, "present": [hoa, binh], "absent": "", "proceedings": "Bàn việc thi.",
        "decisions-TOTAL_FORMS": "3", "decisions-INITIAL_FORMS": "0",
        "decisions-0-words": "Nộp đề thi", "decisions-0-to": hoa, "decisions-0-due_on": "24/11/2026",
        "decisions-1-words": "", "decisions-1-to": "", "decisions-1-due_on": "",
    }  # fmt: skip
    assert clerk.get("/work/meetings/write/").content.decode().count('" checked>') == 1  # who writes was there
    wrong = clerk.post("/work/meetings/write/", {**fields, "decisions-1-to": hoa})
    assert wrong.status_code == 422
    assert "Hãy ghi việc cần làm" in wrong.content.decode()
    assert clerk.post("/work/meetings/write/", fields).status_code == 303
    path = f"/work/meetings/{Meeting.objects.get().public_id}/"

    assert "Nộp đề thi" in clerk.get(f"{path}edit/").content.decode()
    assert head.get(path).content.decode().count("Thông qua và giao việc") == 0
    assert clerk.post(f"{path}submit/").status_code == 303
    assert "Biên bản chờ thông qua" in head.get("/").content.decode()
    assert "Họp hội đồng" in head.get("/work/meetings/?waiting=yes").content.decode()
    assert "Họp hội đồng" not in teacher.get("/work/meetings/?waiting=yes&q=khac").content.decode()
    assert head.post(f"{path}return/", {"note": ""}).status_code == 422
    assert head.post(f"{path}return/", {"note": "Thiếu giờ kết thúc"}).status_code == 303
    assert "Họp hội đồng" not in head.get("/work/meetings/?waiting=yes").content.decode()
    assert "Họp hội đồng" in head.get("/work/meetings/?waiting=maybe").content.decode()
    assert "Cần sửa lại: Thiếu giờ kết thúc" in clerk.get(path).content.decode()
    assert clerk.post(f"{path}edit/", {**fields, "decisions-INITIAL_FORMS": "1", "submit": "1"}).status_code == 303
    assert "Trả lại để sửa" in head.get(path).content.decode()
    assert clerk.post(f"{path}agree/").status_code == 403
    assert head.post(f"{path}agree/").status_code == 303
    assert "Đã thông qua" in teacher.get(path).content.decode()
    assert "bao gồm" not in teacher.get("/work/meetings/?q=hoi+dong").content.decode()
    assert "Họp hội đồng" in teacher.get("/work/meetings/?q=hoi+dong").content.decode()
    Task.objects.update(due_on=TODAY - timedelta(days=2))
    assert "quá hạn 21/11/2026" in teacher.get("/").content.decode()
    home = head.get("/").content.decode()
    assert "Việc quá hạn" in home
    word = teacher.get(f"{path}word/")
    assert word.content.startswith(b"PK")

    for nobody in (world.elsewhere.head, here.pupils[0], here.guardians[0]):
        client = client_of(nobody)
        assert {client.get(path + rest).status_code for rest in ("", "edit/", "pdf/", "word/")} == {404}
        assert {client.post(f"{path}{step}/").status_code for step in ("agree", "submit", "return")} == {404}
    assert client_of(here.pupils[0]).get("/work/meetings/").status_code == 403


def test_who_was_not_there_reads_no_minutes(world: World, client_of: ClientOf):
    here = world.here
    cuc, binh = colleague_named(here, "Phạm Thu Cúc"), colleague_named(here, "Trần Văn Bình")
    meeting = write(here, here.head, chair=binh, present=[cuc], decisions=[])

    assert client_of(here.teacher).get(f"/work/meetings/{meeting.public_id}/").status_code == 404
    assert queries.search(actor(here.teacher), "giao ban").is_nothing
    assert [m.title for m in queries.search(actor(here.clerk), "thao luan on tap").meetings] == ["Họp giao ban tuần 12"]


def test_minutes_on_paper_name_everybody_and_every_decision(world: World):
    meeting = queries.meeting_of(actor(world.here.clerk), write(world.here).public_id)

    found = queries.minutes_layout(meeting, queries.present_at(meeting), queries.decisions_of(meeting))

    assert (found.kind, found.about) == ("BIÊN BẢN", "Họp giao ban tuần 12")
    texts = [f"{part.label} {part.text}".strip() for part in found.parts]
    assert "Thành phần tham dự (2 người): Trần Văn Bình, Lê Thị Hoa." in texts
    assert "1. Nộp đề cương ôn tập – Lê Thị Hoa, hạn 24/11/2026." in texts
    assert "2. Giữ nguyên lịch trực." in texts
    assert [signature.name for signature in found.signatures] == ["Phạm Thu Cúc", "Trần Văn Bình"]
