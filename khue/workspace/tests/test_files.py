"""Files of documents and of shared folders: who may open them, and what stays when people go."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client

from khue.foundation import files
from khue.foundation.actor import Actor
from khue.foundation.errors import Forbidden, NotFound
from khue.foundation.models import StoredFile
from khue.identity.models import Account, Grant
from khue.schools.models import StaffMember, SubjectGroup
from khue.workspace import actions, queries
from khue.workspace.models import Attachment, Document, SharedFile, Step, Version
from khue.workspace.refusals import MayNotWrite, NotNow
from khue.workspace.tests.test_documents import PLAN, arrive, colleague_named, released
from tests.world import NOON, TODAY, School, World, account, actor, staff

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Account], Client]
PDF = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture(autouse=True)
def _at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


def stored(who: Account, at: School, purpose: str = queries.PURPOSE, name: str = "Công văn 125.pdf") -> StoredFile:
    return files.store(
        actor=actor(who), stream=BytesIO(PDF), name=name, purpose=purpose, organisation_id=at.organisation.id, at=NOON
    )


def scan(at: School, document: Document) -> Attachment:
    return actions.attach(actor=actor(at.clerk), document=document, part="scan", file=stored(at.clerk, at), at=NOON)


def group(at: School, name: str = "Tổ Toán - Tin") -> SubjectGroup:
    made = SubjectGroup.objects.create(organisation=at.organisation, name=name)
    StaffMember.objects.filter(id=at.teacher_staff.id).update(subject_group=made)
    return made


def folder(who: Actor, title: str) -> queries.Membership:
    return next(each for each in queries.memberships(who) if each.title == title)


def put(who: Account, at: School, title: str, name: str = "Kế hoạch tổ.pdf") -> SharedFile:
    file = stored(who, at, queries.PURPOSE_SHARED, name)
    return actions.put_file(actor=actor(who), circle=folder(actor(who), title), file=file, at=NOON)


def test_a_scan_is_opened_by_whoever_sees_the_document_and_by_nobody_else(world: World, client_of: ClientOf):
    here, document = world.here, arrive(world.here)
    path = f"/files/{scan(here, document).file.public_id}/"

    assert client_of(here.head).get(path).status_code == 200
    for nobody in (here.teacher, here.pupils[0], here.guardians[0], world.elsewhere.head, world.elsewhere.clerk):
        assert client_of(nobody).get(path).status_code == 404
    hoa = colleague_named(here, "Lê Thị Hoa")
    actions.assign(actor=actor(here.head), document=document, to=hoa, due_on=TODAY, note="", on=TODAY, at=NOON)

    assert client_of(here.teacher).get(path).status_code == 200


def test_the_signed_copy_comes_after_the_release_and_stays_in_the_history(world: World):
    here = world.here
    draft = actions.draft(actor=actor(here.teacher), organisation_id=here.organisation.id, content=PLAN, at=NOON)
    with pytest.raises(NotNow):
        actions.attach(actor=actor(here.clerk), document=draft, part="signed", file=stored(here.clerk, here), at=NOON)
    left = released(here)
    signed = actions.attach(
        actor=actor(here.clerk), document=left, part="signed", file=stored(here.clerk, here), at=NOON
    )
    actions.detach(actor=actor(here.clerk), attachment=signed, at=NOON)

    assert queries.attachments_of(left) == []
    assert list(Step.objects.filter(document=left).order_by("id").values_list("verb", flat=True))[-2:] == [
        "file_added",
        "file_removed",
    ]
    assert not files.may_read(actor(here.head), signed.file)


def test_who_drafts_brings_annexes_until_it_is_handed_in_and_nobody_else_does(world: World):
    here = world.here
    draft = actions.draft(actor=actor(here.teacher), organisation_id=here.organisation.id, content=PLAN, at=NOON)
    actions.attach(actor=actor(here.teacher), document=draft, part="annex", file=stored(here.teacher, here), at=NOON)
    actions.submit(actor=actor(here.teacher), document=draft, note="", at=NOON)
    draft.refresh_from_db()

    for nobody in (here.teacher, here.pupils[0], world.elsewhere.clerk):
        with pytest.raises(Forbidden):
            actions.attach(actor=actor(nobody), document=draft, part="annex", file=stored(here.teacher, here), at=NOON)

    assert Attachment.objects.count() == 1


def test_a_scan_is_brought_by_the_page_and_a_program_is_refused_in_words(world: World, client_of: ClientOf):
    document, clerk = arrive(world.here), client_of(world.here.clerk)
    path = f"/work/documents/{document.public_id}/files/"

    bad = clerk.post(path, {"part": "scan", "file": _upload(b"MZ\x90\x00program", "virus.pdf")})
    none = clerk.post(path, {"part": "scan"})
    good = clerk.post(path, {"part": "scan", "file": _upload(PDF, "Công văn.pdf")})

    assert (bad.status_code, none.status_code, good.status_code) == (422, 422, 303)
    assert "Không nhận loại tệp này" in bad.content.decode()
    assert "Hãy chọn một tệp" in none.content.decode()
    assert "Công văn.pdf" in clerk.get(f"/work/documents/{document.public_id}/").content.decode()
    assert client_of(world.elsewhere.clerk).post(path, {"part": "scan"}).status_code == 404
    assert Attachment.objects.count() == 1


def _upload(content: bytes, name: str) -> BytesIO:
    stream = BytesIO(content)
    stream.name = name
    return stream


def test_folders_are_those_of_the_roles_held_today(world: World):
    here = world.here
    group(here)

    def titles(who: Account) -> list[tuple[str, bool]]:
        return [(each.title, each.may_write) for each in queries.memberships(actor(who))]

    assert titles(here.teacher) == [
        ("Toàn đơn vị", False), ("Giáo viên chủ nhiệm", True), ("Tổ Toán - Tin", True)]  # fmt: skip
    assert titles(here.clerk) == [("Toàn đơn vị", True), ("Văn phòng", True)]
    assert titles(here.head) == [("Toàn đơn vị", True), ("Ban giám hiệu", True), ("Văn phòng", True),
                                 ("Giáo viên chủ nhiệm", True), ("Tổ Toán - Tin", False)]  # fmt: skip
    assert titles(here.pupils[0]) == titles(here.guardians[0]) == titles(world.department_officer) == []


def test_who_leaves_a_group_reads_it_no_more_and_who_follows_finds_everything(world: World, client_of: ClientOf):
    here, maths = world.here, group(world.here)
    plan = put(here.teacher, here, "Tổ Toán - Tin")
    version = Version.objects.get()
    successor_staff = staff("Ngô Văn Kế", here.organisation, "teacher")
    successor = account(successor_staff.person, "subject_teacher", here.organisation)
    page, file = f"/work/files/{plan.public_id}/", f"/files/{version.file.public_id}/"
    assert client_of(here.teacher).get(page).status_code == client_of(here.teacher).get(file).status_code == 200
    assert client_of(successor).get(page).status_code == client_of(successor).get(file).status_code == 404

    StaffMember.objects.filter(id=here.teacher_staff.id).update(subject_group=None)
    StaffMember.objects.filter(id=successor_staff.id).update(subject_group=maths)

    assert client_of(here.teacher).get(page).status_code == client_of(here.teacher).get(file).status_code == 404
    assert "Lê Thị Hoa" in client_of(successor).get(page).content.decode()
    assert client_of(successor).get(file).status_code == 200
    put(successor, here, "Tổ Toán - Tin")
    assert list(Version.objects.order_by("number").values_list("number", "put_by_name")) == [
        (1, "Lê Thị Hoa"),
        (2, "Ngô Văn Kế"),
    ]


def test_a_role_that_ends_closes_its_folder_the_same_day(world: World):
    here = world.here
    shared = put(here.clerk, here, "Văn phòng", "Mẫu đơn.pdf")
    assert queries.shared_of(actor(here.clerk), shared.public_id)[0] == shared

    Grant.objects.filter(account=here.clerk).delete()

    gone = actor(here.clerk)
    with pytest.raises(NotFound):
        queries.shared_of(gone, shared.public_id)
    with pytest.raises(Forbidden):
        actions.remove_file(actor=gone, shared=SharedFile.objects.get(), at=NOON)
    assert not files.may_read(gone, Version.objects.get().file)
    assert SharedFile.objects.get().removed_at is None
    assert queries.shared_of(actor(here.head), shared.public_id)[0] == shared


def test_a_membership_that_ended_meanwhile_writes_nothing(world: World):
    here = world.here
    group(here)
    circle, file = folder(actor(here.teacher), "Tổ Toán - Tin"), stored(here.teacher, here, queries.PURPOSE_SHARED)
    StaffMember.objects.filter(id=here.teacher_staff.id).update(ends_on=TODAY - timedelta(days=1))

    with pytest.raises(NotFound):
        actions.put_file(actor=actor(here.teacher), circle=circle, file=file, at=NOON)

    assert not SharedFile.objects.exists()


def test_who_only_reads_puts_and_removes_nothing(world: World):
    here = world.here
    group(here)
    shared = put(here.teacher, here, "Tổ Toán - Tin")
    file = stored(here.head, here, queries.PURPOSE_SHARED)

    with pytest.raises(MayNotWrite):
        actions.put_file(actor=actor(here.head), circle=folder(actor(here.head), "Tổ Toán - Tin"), file=file, at=NOON)
    with pytest.raises(MayNotWrite):
        actions.remove_file(actor=actor(here.head), shared=shared, at=NOON)

    assert Version.objects.count() == 1
    assert SharedFile.objects.get().removed_at is None


def test_a_file_is_put_by_the_page_removed_and_put_back(world: World, client_of: ClientOf):
    here = world.here
    clerk = client_of(here.clerk)
    path = f"/work/folders/{here.organisation.public_id}/office/"

    for _ in range(2):
        assert clerk.post(path, {"file": _upload(PDF, "Mẫu đơn.pdf")}).status_code == 303
    shared = SharedFile.objects.get()
    assert "bản 2 · Phạm Thu Cúc" in clerk.get(path).content.decode()
    assert clerk.post(f"/work/files/{shared.public_id}/remove/").status_code == 303
    assert "Mẫu đơn.pdf" not in clerk.get(path).content.decode()
    assert "Mẫu đơn.pdf" in clerk.get(f"{path}?show=removed").content.decode()
    assert clerk.post(f"/work/files/{shared.public_id}/restore/").status_code == 303
    assert "Mẫu đơn.pdf" in clerk.get(path).content.decode()

    for nobody in (here.teacher, world.elsewhere.head, here.pupils[0]):
        client = client_of(nobody)
        assert client.get(path).status_code == client.post(path).status_code == 404
        assert client.get(f"/work/files/{shared.public_id}/").status_code == 404
        assert client.post(f"/work/files/{shared.public_id}/remove/").status_code == 404
    assert SharedFile.objects.get().removed_at is None


def test_one_search_finds_everything_without_tone_marks_and_only_what_is_ones_own(world: World, client_of: ClientOf):
    here = world.here
    arrive(here)
    put(here.clerk, here, "Văn phòng", "Báo cáo thiết bị.pdf")
    actions.give_task(
        actor=actor(here.head), organisation_id=here.organisation.id, to=colleague_named(here, "Lê Thị Hoa"),
        title="Nộp báo cáo tổ", origin="", due_on=TODAY, on=TODAY, at=NOON,
    )  # fmt: skip

    actions.plan_occasion(
        actor=actor(here.head), organisation_id=here.organisation.id, title="Họp hội đồng sư phạm", attended_by="",
        starts_at=NOON, ends_at=NOON + timedelta(hours=1), venue=None,
    )  # fmt: skip

    def seen(who: Account, text: str = "bao cao") -> list[str]:
        found = queries.search(actor(who), text)
        return [*(d.summary for d in found.documents), *(t.title for t in found.tasks), *(f.name for f in found.files)]

    assert seen(here.clerk) == ["Về việc báo cáo", "Nộp báo cáo tổ", "Báo cáo thiết bị.pdf"]
    assert seen(here.teacher) == ["Nộp báo cáo tổ"]
    assert seen(here.clerk, "bao cao thiet") == ["Báo cáo thiết bị.pdf"]
    assert seen(world.elsewhere.clerk) == seen(here.pupils[0]) == seen(here.clerk, " ") == []
    assert "Báo cáo thiết bị.pdf" in client_of(here.clerk).get("/work/search/?q=thiet+bi").content.decode()
    assert "?week=2026-11-23" in client_of(here.teacher).get("/work/search/?q=hop+hoi+dong").content.decode()
    assert queries.search(actor(world.elsewhere.clerk), "hop hoi dong").is_nothing
    assert client_of(here.pupils[0]).get("/work/search/?q=thiet").status_code == 403
