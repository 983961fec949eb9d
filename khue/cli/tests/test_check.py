"""`khue check` names what is wrong and says well when nothing is."""

import hashlib
import socket
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from django.db import connections

from khue.cli import check
from khue.foundation import audit, audit_chain
from khue.foundation.actor import SYSTEM
from khue.foundation.postgres import addresses


def stored(root: Path, content: bytes) -> Path:
    digest = hashlib.sha256(content).hexdigest()
    path = root / digest[:2] / digest[2:4] / digest
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO foundation_storedfile"
            " (public_id, sha256, size, media_type, name, purpose, stored_at, is_shared)"
            " VALUES (gen_random_uuid(), %s, %s, 'text/plain', 'a.txt', 'test', now(), false)",
            [digest, len(content)],
        )
    return path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def files(settings, tmp_path: Path, committed_db: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.FILES_ROOT = settings.VAR_DIR = tmp_path
    monkeypatch.setenv("DATABASE_URL", addresses.url_of(settings.DATABASES["owner"], committed_db))
    return tmp_path


def test_a_sound_node_has_nothing_to_say(files):
    stored(files, b"whole")
    audit.record(SYSTEM, "thing.done", None)
    audit_chain.seal()

    assert list(check.database_problems()) == []
    assert list(check.storage_problems()) == []
    assert list(check.audit_problems()) == []


def test_missing_and_changed_files_are_named(files):
    gone, changed = stored(files, b"gone"), stored(files, b"changed")
    gone.unlink()
    changed.write_bytes(b"CHANGED")

    problems = list(check.storage_problems())

    assert len(problems) == 2
    assert any(gone.name in p and "missing" in p for p in problems)
    assert any(changed.name in p and "not what was stored" in p for p in problems)


def test_a_changed_audit_row_is_found(files):
    audit.record(SYSTEM, "thing.done", None)
    audit_chain.seal()
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE foundation_auditrow SET actor_name = 'Someone else'")

    assert len(list(check.audit_problems())) == 1


def test_waiting_migrations_are_counted(files):
    with connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'timetable'")
        gone = cursor.rowcount

    assert list(check.database_problems()) == [f"{gone} migrations wait. Start khue serve, which applies them."]


def test_without_a_mail_server_the_operator_is_told_what_to_set(settings):
    settings.EMAIL_HOST = ""

    assert "KHUE_SMTP" in "".join(check.mail_problems())


def test_a_mail_server_that_answers_is_well_and_one_that_does_not_is_named(settings):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    settings.EMAIL_HOST_USER, settings.EMAIL_USE_TLS = "", False
    controller = Controller(Sink(), hostname="127.0.0.1", port=settings.EMAIL_PORT)
    controller.start()

    assert list(check.mail_problems()) == []
    controller.stop()

    assert f"127.0.0.1:{settings.EMAIL_PORT} does not take our mail" in "".join(check.mail_problems())
