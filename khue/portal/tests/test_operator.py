"""The home of who runs the node: whether it is well, and where is mended what is not."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khue.cli import backup, check
from khue.exchange.models import Peer
from khue.foundation import clock, health
from khue.foundation.models import Job
from khue.identity.models import Account
from khue.messaging.models import Delivery, Message
from tests.world import World, account

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(world: World, settings, tmp_path: Path) -> Account:
    settings.VAR_DIR = settings.FILES_ROOT = tmp_path
    return account(None, "operator", world.ministry)


def job(state: str, **fields: object) -> None:
    Job.objects.create(kind="x", title="Nhập 6A1.xlsx của Nguyễn Văn A", state=state, created_at=clock.now(), **fields)


def worker_seen(seconds: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => %s))", [seconds]
        )


def shown(operator: Account, client_of) -> str:
    answer = client_of(operator).get("/")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_a_node_on_which_nothing_runs_and_nothing_was_kept_says_so(operator: Account, client_of) -> None:
    for place in ("/jobs/?state=failed", "/exchange/", "/audit/"):
        assert client_of(operator).get(place).status_code == 200
    page = shown(operator, client_of)

    for text in (
        "không chạy",
        "chưa từng báo sống",
        "chưa có",
        "Chưa nối với hệ thống nào",
        "khue backup",
        "KHUE_SMTP",
    ):
        assert text in page
    assert 'href="/jobs/?state=failed"' in page


def test_what_waits_and_fails_is_counted_and_linked_and_nobody_is_named(
    operator: Account, world: World, client_of
) -> None:
    now = clock.now()
    worker_seen(5)
    for _number in range(3):
        job("failed", finished_at=now - timedelta(days=1))
    job("failed", finished_at=now - timedelta(days=30))
    job("waiting")
    health.note_backup(now - timedelta(hours=3))
    message = Message.objects.create(
        organisation=world.here.organisation, kind="x", subject="Kín", body="", told_at=now
    )  # fmt: skip
    for pupil, state in zip(world.here.pupils, ("waiting", "sending", "failed"), strict=True):
        Delivery.objects.create(
            organisation=world.here.organisation, message=message, recipient=pupil.person, channel="email", state=state,
            next_attempt_at=now - timedelta(hours=2),
        )  # fmt: skip
    Peer.objects.create(
        organisation=world.ministry, node=uuid4(), name="Sở GD&ĐT Huế", level="department", direction="below",
        admitted_at=now, last_error="PeerUnreachable",
    )  # fmt: skip

    page = shown(operator, client_of)

    assert "đang chạy" in page
    for value, place in (("3", "/jobs/?state=failed"), ("1", "/jobs/?state=waiting"), ("2", "#server")):
        assert f'<a href="{place}">{value}' in page
    assert "Sở GD&amp;ĐT Huế" in page
    assert "có lỗi" in page
    for nobody in ("Nguyễn Văn A", "Kín", "6A1.xlsx"):
        assert nobody not in page


def test_it_costs_the_same_however_much_there_is(operator: Account, client_of) -> None:
    client = client_of(operator)
    client.get("/")

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/")
        return len(captured)

    few = cost()
    for _number in range(30):
        job("failed", finished_at=clock.now())
    assert cost() == few == 11


def test_others_have_their_own_homes(operator: Account, world: World, client_of) -> None:
    for who in (world.here.head, world.department_officer, world.here.pupils[0]):
        assert "Tiến trình chạy nền" not in client_of(who).get("/").content.decode()


def test_the_command_and_the_page_decide_by_the_same_rule(settings, tmp_path: Path, monkeypatch) -> None:
    settings.VAR_DIR = settings.FILES_ROOT = tmp_path
    assert list(check.disk_problems()) == []
    monkeypatch.setattr(health, "LEAST_FREE_RATIO", 2.0)
    monkeypatch.setattr(health, "LEAST_FREE_BYTES", 2**62)
    (said,) = check.disk_problems()
    assert str(tmp_path) in said
    assert next(health.places()).is_short


@pytest.mark.parametrize("text", ["", "{", "[]", '{"made_at": 7}', '{"made_at": "gestern"}'])
def test_a_note_that_cannot_be_read_is_no_backup(settings, tmp_path: Path, text: str) -> None:
    settings.VAR_DIR = tmp_path
    (tmp_path / health.BACKUP).write_text(text)
    assert health.last_backup() is None
    backup._note()
    assert clock.now() - health.last_backup() < timedelta(minutes=1)
