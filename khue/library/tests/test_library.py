import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from khue.curriculum.models import Outcome
from khue.foundation import clock, files, scope
from khue.foundation.errors import Forbidden, NotFound
from khue.foundation.models import StoredFile
from khue.identity.models import Account
from khue.library import actions, packages, queries
from khue.library.actions import Description, OutcomeOfOtherSubject, PackageRefused
from khue.library.forms import grades
from khue.library.models import Resource
from tests.world import NOON, School, World, actor

ClientOf = Callable[[Account], Client]
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
MP4 = b"\x00\x00\x00\x18ftypmp42" + bytes(100)
MP3 = b"ID3\x04\x00\x00\x00\x00\x00\x00" + bytes(100)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


@pytest.fixture(autouse=True)
def _files_in_a_folder_of_the_test(settings: object, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path


def package(entries: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return made.getvalue()


def stored(by: Account, at: School, name: str = "Phân số.pdf", content: bytes = PDF) -> StoredFile:
    return files.store(
        actor=actor(by), stream=io.BytesIO(content), name=name, purpose="library.resource",
        organisation_id=at.organisation.id, at=NOON,
    )  # fmt: skip


def said(world: World, **more: object) -> Description:
    values: dict[str, object] = {
        "title": "Phân số và số thập phân", "description": "Bài giảng", "author": "Lê Thị Hoa",
        "subject": world.subject, "grade": 6, "licence": "CC-BY-4.0", "audience": "school",
    }  # fmt: skip
    return Description(**{**values, **more})


def publish(
    world: World, file: StoredFile | None = None, outcomes: tuple[Outcome, ...] = (), **more: object
) -> Resource:
    here = world.here
    return actions.publish_resource(
        actor=actor(here.teacher), organisation=here.organisation, file=file or stored(here.teacher, here),
        said=said(world, **more), outcomes=outcomes, at=NOON,
    )  # fmt: skip


def outcome(world: World, grade: int = 6) -> Outcome:
    return Outcome.objects.create(
        subject=world.subject, grade=grade, kind="outcome", code=f"T.{grade}.1", text="So sánh phân số", sequence=1,
        valid_from=NOON.date(), source="thử",
    )  # fmt: skip


def test_a_resource_is_found_without_diacritics_by_the_own_school_only(world: World, client_of: ClientOf) -> None:
    made = publish(world, outcomes=(outcome(world),))

    for reader in (world.here.pupils[0], world.here.guardians[0], world.here.head, world.department_officer):
        assert made.title in client_of(reader).get("/library/?q=phan so").content.decode()
    assert made.title not in client_of(world.elsewhere.head).get("/library/?q=phan so").content.decode()
    assert made.title not in client_of(world.here.head).get("/library/?q=tich phan").content.decode()
    shown = client_of(world.here.pupils[0]).get(f"/library/{made.public_id}/").content.decode()
    assert "So sánh phân số" in shown


def test_every_address_of_a_school_resource_is_404_elsewhere(world: World, client_of: ClientOf) -> None:
    made = publish(world)

    for path in ("", "file", "withdraw/"):
        for other in (world.elsewhere.pupils[0], world.elsewhere.head):
            assert client_of(other).get(f"/library/{made.public_id}/{path}").status_code == 404
    with scope.of(actor(world.elsewhere.head)):
        assert not Resource.objects.exists()


def test_an_approved_resource_for_everyone_is_seen_everywhere(world: World, client_of: ClientOf) -> None:
    made = publish(world, audience="everyone")
    address = f"/library/{made.public_id}/"
    other = client_of(world.elsewhere.pupils[0])
    assert other.get(address).status_code == 404

    client_of(world.here.head).post(f"{address}approve/")

    assert other.get(address).status_code == 200
    assert b"".join(other.get(f"{address}file").streaming_content) == PDF
    assert queries.covered_outcomes([]) == set()


def test_the_public_finds_and_keeps_what_was_approved_for_everyone(world: World, client_of: ClientOf) -> None:
    everyone, of_school = publish(world, audience="everyone"), publish(world, title="Đề cương riêng của trường")
    waiting = publish(world, audience="everyone", title="Phân số chờ duyệt")
    for made in (everyone, of_school):
        actions.approve_resource(actor=actor(world.here.head), resource=made, at=NOON)
    anybody = Client()

    assert 'href="/library/"' in anybody.get("/").content.decode()
    shelf = anybody.get("/library/")
    found = {made.title for made in (everyone, of_school, waiting) if made.title in shelf.content.decode()}
    assert found == {everyone.title}
    assert shelf["Cache-Control"] == "public, max-age=60"
    assert anybody.get(f"/library/{everyone.public_id}/").status_code == 200
    assert b"".join(anybody.get(f"/library/{everyone.public_id}/file").streaming_content) == PDF
    for hidden in (of_school, waiting):
        assert [anybody.get(f"/library/{hidden.public_id}/{end}").status_code for end in ("", "file")] == [404, 404]
    assert "Cache-Control" not in client_of(world.here.head).get("/library/")
    assert "Đăng học liệu" not in shelf.content.decode()


def test_resources_are_found_by_what_they_teach(world: World, client_of: ClientOf) -> None:
    wanted = outcome(world)
    made, other = publish(world, outcomes=(wanted,)), publish(world, title="Số nguyên tố")
    reader = client_of(world.here.pupils[0])
    link = f"/library/?outcome={wanted.public_id}"

    assert f'href="{link}"' in reader.get(f"/library/{made.public_id}/").content.decode()
    shelf = reader.get(link).content.decode()
    assert (made.title in shelf, other.title in shelf, wanted.code in shelf) == (True, False, True)
    assert made.title not in reader.get(f"/library/?outcome={made.public_id}").content.decode()
    for nonsense in ("x", "%00", "1" * 200):
        assert made.title in reader.get(f"/library/?outcome={nonsense}").content.decode()


def test_only_approved_resources_cover_an_outcome(world: World) -> None:
    wanted = outcome(world)
    made = publish(world, outcomes=(wanted,))
    assert queries.covered_outcomes([wanted.id]) == set()

    actions.approve_resource(actor=actor(world.here.head), resource=made, at=NOON)
    assert queries.covered_outcomes([wanted.id]) == {wanted.id}

    actions.withdraw_resource(actor=actor(world.here.teacher), resource=made, at=NOON)
    assert queries.covered_outcomes([wanted.id]) == set()
    with pytest.raises(NotFound):
        queries.resource_of(actor(world.here.head), made.public_id)


def test_pupils_publish_nothing_and_teachers_approve_nothing(world: World) -> None:
    file = stored(world.here.teacher, world.here)
    for by in (world.here.pupils[0], world.here.guardians[0], world.elsewhere.teacher):
        with pytest.raises(Forbidden):
            actions.publish_resource(
                actor=actor(by), organisation=world.here.organisation, file=file, said=said(world), outcomes=(), at=NOON
            )  # fmt: skip
    made = publish(world, file)
    with pytest.raises(Forbidden):
        actions.approve_resource(actor=actor(world.here.teacher), resource=made, at=NOON)

    assert Resource.objects.get().approved_at is None


def test_an_outcome_of_another_grade_is_refused(world: World) -> None:
    with pytest.raises(OutcomeOfOtherSubject):
        publish(world, outcomes=(outcome(world, grade=7),))

    assert not Resource.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [("a.pdf", PDF, "document"), ("a.png", PNG, "image"), ("a.mp4", MP4, "video"), ("a.mp3", MP3, "audio")],
)
def test_the_kind_follows_from_the_content(world: World, name: str, content: bytes, kind: str) -> None:
    assert publish(world, stored(world.here.teacher, world.here, name, content)).kind == kind


def test_a_web_page_package_runs_in_a_sandbox(world: World, client_of: ClientOf) -> None:
    site = package({"bai/index.html": b"<h1>Xin chao</h1>", "bai/a.js": b"1"})
    made = publish(world, stored(world.here.teacher, world.here, "bai.zip", site))

    assert (made.kind, made.entry) == ("package", "bai/index.html")
    shown = client_of(world.here.pupils[0]).get(f"/library/{made.public_id}/").content.decode()
    address = shown.split('<iframe src="')[1].split('"')[0]
    # The sandbox has no origin, so that the browser sends no cookie from it: not even for what the page consists of.
    sandbox = Client()
    answer = sandbox.get(address)
    assert answer.content == b"<h1>Xin chao</h1>"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox allow-scripts; default-src 'none'")
    assert sandbox.get(address.replace("index.html", "a.js")).content == b"1"


def test_a_package_is_opened_by_a_ticket_of_its_own_and_of_these_days(world: World, client_of: ClientOf) -> None:
    first, second = (
        publish(world, stored(world.here.teacher, world.here, "bai.zip", package({"index.html": b"x"}))) for _ in "ab"
    )
    today, pupil = clock.today(), client_of(world.here.pupils[0])

    def status(resource: Resource, path: str) -> int:
        return pupil.get(f"/library/{resource.public_id}/package/{path}").status_code

    ticket = queries.package_address(first, today)
    assert [status(first, ticket), status(second, ticket)] == [200, 404]
    assert status(first, queries.package_address(first, today - timedelta(days=1))) == 200
    assert status(first, queries.package_address(first, today - timedelta(days=2))) == 404
    for path in ("index.html", f"{ticket[:-11]}/../../etc/passwd", ticket.replace("index", "nothing"), f"x{ticket}"):
        assert status(first, path) == 404
    actions.withdraw_resource(actor=actor(world.here.teacher), resource=first, at=NOON)
    assert status(first, ticket) == 404


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        ({"a.txt": b"x"}, "no_page"),
        ({"index.html": b"0" * 50_000_000}, "zip_bomb"),
        ({"../index.html": b"x"}, "bad_names"),
        ({"/index.html": b"x"}, "bad_names"),
        ({f"{n}.txt": b"" for n in range(2001)}, "too_large"),
    ],
)
def test_a_dangerous_package_is_refused(world: World, entries: dict[str, bytes], reason: str) -> None:
    file = stored(world.here.teacher, world.here, "bai.zip", package(entries))

    with pytest.raises(PackageRefused) as refusal:
        publish(world, file)

    assert str(refusal.value) == str(actions.BAD_PACKAGE[reason])
    assert not Resource.objects.exists()


@given(st.binary(max_size=400))
def test_no_bytes_crash_the_package_reader(content: bytes) -> None:
    for candidate in (content, b"PK\x03\x04" + content, package({"index.html": b"x"})[:-10] + content):
        try:
            packages.entry_of(io.BytesIO(candidate))
        except packages.BadPackage:
            continue


def test_a_teacher_publishes_with_the_form(world: World, client_of: ClientOf) -> None:
    teacher = client_of(world.here.teacher)
    form = {
        "title": "Phân số", "author": "Lê Thị Hoa", "organisation": str(world.here.organisation.public_id),
        "subject": "TOAN", "grade": "6", "licence": "CC-BY-4.0", "audience": "school",
    }  # fmt: skip
    without_file = teacher.post("/library/new/", form)
    assert "Hãy chọn tệp học liệu" in without_file.content.decode()
    assert "Phân số" in without_file.content.decode()
    with translation.override("en"):
        assert grades()[5] == (6, "Grade 6")

    answer = teacher.post("/library/new/", {**form, "file": SimpleUploadedFile("a.pdf", PDF)})

    assert (answer.status_code, Resource.objects.get().title) == (303, "Phân số")


def test_the_shelf_costs_the_same_for_two_resources_and_for_twenty(
    world: World, client_of: ClientOf, django_assert_num_queries: Callable
) -> None:
    file = stored(world.here.teacher, world.here)
    client = client_of(world.here.pupils[0])
    for count in (2, 18):
        for _ in range(count):
            publish(world, file)
        with django_assert_num_queries(9):
            client.get("/library/")


def test_only_who_publishes_is_shown_the_form(world: World, client_of: ClientOf) -> None:
    assert Client().get("/library/new/", headers={"accept": "text/html"}).status_code == 303
    assert client_of(world.here.pupils[0]).get("/library/new/").status_code == 403
    assert client_of(world.here.teacher).get("/library/new/").status_code == 200
